/**
 * Caps for structured files. Generous, because compiled pipelines are long; hard, because whoever sends a change may
 * write these files for us. Every cap that is reached leaves a gap of kind `cap`.
 */
export const READING_LIMITS = {
  /** Of a whole file, in UTF-8. */
  bytes: 2 * 1024 * 1024,
  /** Levels of maps and lists. */
  depth: 100,
  /** Nodes of a file, each alias counted with everything it stands for. */
  nodes: 200_000,
  /** Pieces into which the YAML lexer cuts a file: bounds the time spent on a file that is all brackets. */
  lexemes: 500_000,
  /** Gaps listed for one file; the last one says that there are more. */
  gaps: 50,
} as const;
