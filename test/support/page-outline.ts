import assert from 'node:assert/strict';

/**
 * What a reader with a keyboard or a screen reader needs of a page: a language, a title, one main part, headings without
 * a gap, header cells that say what they head, and nothing that scrolls out of reach of the keyboard.
 */
export function assertReadable(page: string): void {
  assert.match(page, /<html lang="en">/);
  assert.match(page, /<title>[^<]+<\/title>/);
  assert.match(page, /<meta name="viewport" content="width=device-width,/);
  assert.deepEqual(page.match(/<\/?main\b/g), ['<main', '</main']);
  const levels = [...page.matchAll(/<h([1-6])\b/g)].map(([, level]) => Number(level));
  assert.equal(levels[0], 1);
  assert.equal(levels.filter((level) => level === 1).length, 1);
  for (const [at, level] of levels.entries())
    assert.ok(level <= (levels[at - 1] ?? 0) + 1, `heading ${at} skips a level`);
  assert.doesNotMatch(page, /<th(?![^>]*\bscope=)[ >]/);
  assert.doesNotMatch(page, /<(?:div class="scroll"|figure)(?![^>]*\btabindex="0")/);
}
