/** Caps for one script. What lies behind a cap is `unread`. */
export const SCRIPT_LIMITS = {
  characters: 128 * 1024,
  commands: 3_000,
  depth: 160,
  /** Of one command. */
  words: 3_000,
  redirects: 100,
  hereDocuments: 500,
  arithmetic: 500,
  substitutions: 2_000,
} as const;
