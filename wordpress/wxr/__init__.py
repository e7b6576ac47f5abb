"""Reading WXR, the file that WordPress's export writes: pure, streamed, nothing of it believed."""
