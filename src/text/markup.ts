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
 * Text from outside for one line of GitHub or GitLab Markdown: no markup, no HTML, no mention (`@name`), no reference
 * (`#1`, `!1`), no link made from a bare address. Line breaks become blanks.
 */
export function escapeMarkdown(text: string): string {
  return revealHidden(text)
    .replace(/\s+/g, ' ')
    .replace(/[&<>]/g, (character) => ENTITIES[character] ?? character)
    .replace(/[\\`*_{}[\]()#+\-.!|~$^=:"'@%/]/g, (character) =>
      isBreaker(character) ? breakUp(character) : `\\${character}`,
    );
}

/** Forges act on these in the rendered text, where a backslash is gone; an empty comment behind them stops that. */
function isBreaker(character: string): boolean {
  return '@#!:.%$/'.includes(character);
}

function breakUp(character: string): string {
  const escaped = '@%:/.'.includes(character) ? character : `\\${character}`;
  return `${escaped}<!-- -->`;
}
