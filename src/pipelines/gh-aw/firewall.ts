import type { Effect } from '../effect.ts';
import type { Step } from '../model.ts';
import type { TemplateText } from '../value.ts';

/**
 * The agent firewall of GitHub Agentic Workflows as an effect: `awf … -- agent` lets its command reach only the named
 * hosts. Source: the firewall's usage text and the compiled workflows of 2026.
 */

const START = /(?:^|[\n;|&(]|&&)[ \t]*(?:sudo(?:[ \t]+-[\w=-]+)*[ \t]+)?(awf)[ \t]+(?=-)/g;
const ALLOW_OPTION = /--allow-domains?(?:[ \t]+|=)(?:'([^'\n]*)'|"([^"\n]*)"|([^\s'"]+))/g;
const ALLOW_JSON = /\\?"allowDomains\\?"\s*:\s*\[([^\][]*)\]/g;

/** The firewall that a step starts; nothing for a step that starts none. */
export function firewallEffects(step: Step): readonly Effect[] {
  const text = step.run?.text;
  if (text === undefined || !text.text.includes('awf')) return [];
  const [start] = text.text.matchAll(START);
  if (start === undefined) return [];
  const index = start.index + start[0].indexOf('awf');
  const span = { start: text.offsetOf(index), end: text.offsetOf(index + 2) + 1 };
  const place = { file: text.place.file, span };
  return [{ kind: 'egress-control', mode: 'block', hosts: allowedHosts(text), place, certainty: 'certain' }];
}

function allowedHosts(text: TemplateText): readonly string[] {
  const options = [...text.text.matchAll(ALLOW_OPTION)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
  const lists = [...text.text.matchAll(ALLOW_JSON)].map((match) => (match[1] ?? '').replaceAll(/[\\"]/g, ''));
  return [...new Set([...options, ...lists].flatMap((list) => list.split(',').flatMap((host) => host.trim() || [])))];
}
