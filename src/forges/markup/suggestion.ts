import { findLiteralKeys, revealHidden } from '../../text/index.ts';
import type { ForgeName } from '../model.ts';

const MAX_LINES = 50;
const MAX_LENGTH = 4000;
/** GitLab reads a line that begins so as an order to itself; older versions do so within some code blocks, too. */
const QUICK_ACTION = /^[^\S\n]*\/[a-z]/im;

/**
 * A suggestion block that replaces the lines of its remark, fenced so that nothing in it ends it early. `undefined`
 * when it cannot be shown exactly: hidden characters (who accepts it would commit them unseen), keys, too long, or a
 * forge without suggestions.
 * @param text the new lines; one line break at the end is theirs
 * @param lines how many lines are replaced
 */
export function renderSuggestion(text: string, lines: number, forge: ForgeName): string | undefined {
  const content = text.replace(/\r\n/g, '\n').replace(/\n$/, '');
  if (forge === 'gitea' || !isShowable(content)) return undefined;
  if (forge === 'gitlab' && QUICK_ACTION.test(content)) return undefined;
  const fence = '`'.repeat(longestRun(content) + 1);
  // GitLab counts from the line of the remark, which is the last one.
  const kind = forge === 'gitlab' ? `suggestion:-${lines - 1}+0` : 'suggestion';
  return `${fence}${kind}\n${content}${content === '' ? '' : '\n'}${fence}`;
}

function isShowable(content: string): boolean {
  if (content.length > MAX_LENGTH || content.split('\n').length > MAX_LINES) return false;
  return !content.includes('\r') && revealHidden(content) === content && findLiteralKeys(content).length === 0;
}

function longestRun(content: string): number {
  return Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
}
