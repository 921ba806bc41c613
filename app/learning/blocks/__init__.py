"""Networks' parts that several systems use: backbones, cells, frame networks."""
