import { configurationRule } from './configuration-rule.ts';
import { file } from './examples.ts';

/** CFG017: instructions come from outside the repository. */
export const importFromOutside = configurationRule(
  {
    id: 'CFG017',
    name: 'instruction-import-from-outside',
    title: 'An instruction file imports text from outside the repository',
    what: 'An `@` import of an instruction file names the home directory, an absolute path, or a path above the repository.',
    why: "Nobody reviews that text with the repository. On a shared or persistent runner somebody else can write it; on a person's machine it carries private notes into the prompt.",
    sources: ['Claude Code documentation, memory imports'],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    fix: 'none',
    advice: "Copy the text into the repository, or leave it to the user's own instruction file.",
    tags: ['CWE-829'],
    attack: [file('CLAUDE.md', '# Rules\n\nSee @~/team/rules.md for the rest.\n')],
    benign: [file('CLAUDE.md', '# Rules\n\nSee @docs/rules.md for the rest.\n')],
  },
  function* (configuration) {
    const { text, path } = configuration.file;
    const depth = path.split('/').length - 1;
    for (const { target, place } of configuration.imports) {
      if (text[place.span.start - 1] !== '@' || !isOutside(target, depth)) continue;
      yield { place, message: `The import of ${target} lies outside the repository`, subject: `import ${target}` };
    }
  },
);

function isOutside(target: string, depth: number): boolean {
  if (/^(~|\/|[A-Za-z]:\\)/.test(target)) return true;
  let level = depth;
  for (const segment of target.split('/')) {
    if (segment === '..' && --level < 0) return true;
    if (segment !== '..' && segment !== '.') level++;
  }
  return false;
}
