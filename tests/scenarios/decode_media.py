"""Decodes every frame of a file from standard input with FFmpeg: decode_media.py FORMAT < FILE."""

import io
import sys

import av

av.logging.set_level(av.logging.ERROR)
with av.open(io.BytesIO(sys.stdin.buffer.read())) as container:
    if not container.streams:
        sys.exit("no streams")
    for stream in container.streams:
        stream.codec_context.options = {"err_detect": "explode"}
    frames = sum(len(packet.decode()) for packet in container.demux())
if frames == 0:
    sys.exit("no frames")
print(f"{frames} frames")
