/** Caps for one script. What lies behind a cap is `unread`. */
export const SCRIPT_LIMITS = { characters: 256 * 1024, hereDocuments: 500, commands: 3_000, depth: 160 } as const;
