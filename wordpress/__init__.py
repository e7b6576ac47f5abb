"""Moving in and out: WXR import and export and legacy addresses. Nothing imports it."""
