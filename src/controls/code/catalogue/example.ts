import type { CodeExample, ControlLanguage } from '../model.ts';

const ENDINGS: { readonly [language in ControlLanguage]: string } = {
  javascript: 'js',
  typescript: 'ts',
  python: 'py',
  go: 'go',
  java: 'java',
};

/** An example in one language: the text before, what an attacker makes of it, and an honest change of the same place. */
export function example(language: ControlLanguage, before: string, attack: string, benign: string): CodeExample {
  return { language, path: `src/service.${ENDINGS[language]}`, before, attack, benign };
}
