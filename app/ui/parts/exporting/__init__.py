"""Export of what is seen: any table or plot in the window, by its context menu, the File menu or the palette."""
