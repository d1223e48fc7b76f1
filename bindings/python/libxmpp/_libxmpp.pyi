"""What cffi compiles: its types are those of the headers."""

from typing import Any

ffi: Any
lib: Any
