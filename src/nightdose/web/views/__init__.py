"""One file a page: what was asked becomes a call of `keeping`, what comes back becomes the page's value."""
