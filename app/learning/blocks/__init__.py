"""Parts of networks that several systems use: backbones, cells, frame networks."""
