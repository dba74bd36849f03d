"""How a coordinate is written: with a point, whatever the language of the page."""

from django import template

from mdt.audit.pictures.shapes import number

register = template.Library()
register.filter("place", number)
