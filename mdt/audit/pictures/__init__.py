"""The audit drawn: plain geometry in Python, one template that writes it as SVG, and a table beside each picture."""
