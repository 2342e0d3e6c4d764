import { configurationRule } from './configuration-rule.ts';
import { file } from './examples.ts';

/** CFG024: what the product loads is not what stands here. */
export const linkedConfiguration = configurationRule(
  {
    id: 'CFG024',
    name: 'configuration-behind-a-link',
    title: 'Agent configuration is a link or lies in a submodule',
    what: 'In the place of a configuration file or folder of an agent stands a symbolic link that leaves the repository, a linked folder, a linked settings file, or a submodule; also a link that was checked out as text. An instruction file that links to another file of the repository is read there and not reported.',
    why: 'Whoever controls the target controls the agent, and no review of this repository shows it. A linked .claude also makes Claude Code take local settings for supplied by the repository.',
    sources: ['CVE-2026-25724', 'CVE-2026-39861', 'SymJack, May 2026'],
    severity: 'medium',
    confidence: 'high',
    tier: 'regular',
    fix: 'none',
    advice: 'Put the file itself into the repository.',
    tags: ['CWE-59', 'CWE-61'],
    // As a system without links checks it out; the tests of this family build trees with real links.
    attack: [file('CLAUDE.md', '../../shared/agents/CLAUDE.md')],
    benign: [file('.claude/settings.json', '{}\n')],
  },
  function* (configuration, facts) {
    const { path, text } = configuration.file;
    const entry = facts.tree.entries.find((one) => one.path === path);
    const gap = configuration.gaps[0];
    if (gap !== undefined && (entry?.kind === 'link' || entry?.kind === 'submodule')) {
      const settled = entry.kind === 'link' && !entry.leaves && configuration.label !== FOLDER;
      yield {
        place: gap.place,
        message: `${path}: ${gap.message}`,
        subject: gap.kind,
        severity: settled ? 'low' : 'medium',
      };
    } else if (LINK_AS_TEXT.test(text)) {
      const place = { file: path, span: { start: 0, end: text.length } };
      yield {
        place,
        message: `${path} is a link to ${text.trim()}, checked out as text, which leaves the repository`,
        subject: 'link',
      };
    }
  },
);

/** The whole content is one path that leads upwards or to an absolute place. */
const LINK_AS_TEXT = /^(\.\.\/){1,20}[\w./-]{1,400}\n?$|^\/[\w.-]{1,100}\/[\w./-]{1,400}\n?$/;
const FOLDER = 'folder';
