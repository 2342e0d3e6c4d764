/** The only way out: model API, egress, credentials. Everything that comes over its socket is hostile. */
export {};
