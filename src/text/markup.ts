import { revealHidden } from './hidden.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text from outside for HTML, as content or inside a quoted attribute; hidden characters become visible. */
export function escapeHtml(text: string): string {
  return revealHidden(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/**
 * Behind these a forge acts on what is rendered, where a backslash is gone: it notifies, links, closes, or draws.
 * GitHub: autolinked references, math, emoji. GitLab: special references, inline diff, table of contents.
 */
const TRIGGERS: readonly RegExp[] = [
  // Mentions and e-mail addresses.
  /@(?=\w)/g,
  // Issues and merge requests.
  /[#!](?=\d)/g,
  /GH-(?=\d)/gi,
  // Labels, milestones, epics.
  /[~%&](?=[\p{L}\p{N}_"])/gu,
  // Math and snippets.
  /\$(?=\S)/g,
  // Bare addresses.
  /:(?=\/\/)/g,
  /www(?=\.)/gi,
  // Emoji; a time of day is none.
  /:(?=(?:[\w+-]*[a-z+-][\w+-]*|100|1234):)/gi,
  // Inline diff, table of contents, `[vulnerability:1]`; a redaction mark of ours is none.
  /[[{](?=[-+[]|TOC\]|(?!redacted:)\w+:)/gi,
];

/** A commit where it exists; as code it is only text. */
const COMMIT = /(?<!\w)[0-9a-f]{7,64}(?!\w)/gi;

/** Heading, list, underline or table rule at the start of a line, and the slash of a quick action (`/close`). */
const LINE_START = /^ ?(?:(?=(?:#{1,6}|[-+=]+|:-+:?)(?: |$))|(?=\/[a-z])|\d{1,9}(?=[.)](?: |$)))/i;

/** Stand-ins while the rest is escaped; controls cannot occur, they were revealed. */
const BREAK = '\x00';
const CODE = '\x01';

/**
 * Text from outside for one line of GitHub or GitLab Markdown: no markup, no HTML, no mention (`@name`), no reference
 * (`#1`, `!1`, a commit), no link made from a bare address. Line breaks become blanks. What no forge acts on stays as
 * it is, so that the source can be read too.
 */
export function escapeMarkdown(text: string): string {
  const line = revealHidden(text).replace(/\s+/g, ' ');
  return TRIGGERS.reduce((result, trigger) => result.replace(trigger, `$&${BREAK}`), line)
    .replace(COMMIT, `${CODE}$&${CODE}`)
    .replace(/[\\`*[\]|~$]|(?<=\])\(|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])/g, '\\$&')
    .replace(LINE_START, '$&\\')
    .replace(/[&<>]/g, (character) => ENTITIES[character] ?? character)
    .replaceAll(BREAK, '<!-- -->')
    .replaceAll(CODE, '`');
}
