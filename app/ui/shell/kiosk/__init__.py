"""The program for a fair or an open day: one full screen without menus, for people who pass by."""
