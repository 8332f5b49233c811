"""Figures of a study: records → a drawing → SVG, PNG or PDF. Nothing here measures by a font of the
machine, so that a figure is the same everywhere.
"""
