"""Meta's Graph API: where it is, and the version that everything here speaks."""

META_URL = "https://graph.facebook.com"
API_VERSION = "v26.0"
