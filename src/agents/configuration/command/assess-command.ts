import type { Readers } from '../../../syntax/index.ts';
import { assessBareCode } from './bare-code.ts';
import type { CommandRisk } from './command-risk.ts';
import { viewCommands } from './command-view.ts';
import { assessLeaks } from './data-leaks.ts';
import { assessFootholds } from './footholds.ts';
import { assessHookInput } from './hook-input.ts';
import { assessRemoteCode } from './remote-code.ts';
import { assessSupply } from './supply.ts';

/** A longer command line is data; only its beginning is read, and whoever hands one over records the gap. */
export const LONGEST_COMMAND = 32 * 1024;
/** Windows shells are read as text only: download and evaluation in one line. */
const POWERSHELL_DOWNLOAD =
  /\b(iwr|irm|invoke-webrequest|invoke-restmethod|downloadstring)\b[^\n]{0,500}\b(iex|invoke-expression)\b|\b(iex|invoke-expression)\b[^\n]{0,500}\b(iwr|irm|invoke-webrequest|invoke-restmethod|downloadstring)\b/i;

/**
 * What a hook, helper, inline or server command can do, read from its shell syntax. Harmless commands give nothing.
 * The readings overlap on purpose: one command may steal and stay.
 */
export function assessCommand(command: string, readers: Readers): readonly CommandRisk[] {
  const text = command.slice(0, LONGEST_COMMAND);
  const views = viewCommands(text, readers);
  const risks = [
    ...assessRemoteCode(views),
    ...assessLeaks(views),
    ...assessFootholds(views),
    ...assessSupply(views),
    ...assessHookInput(views),
  ];
  if (POWERSHELL_DOWNLOAD.test(text)) {
    risks.push({ kind: 'download-exec', what: 'fetches and evaluates a script', span: { start: 0, end: text.length } });
  }
  if (risks.length === 0) risks.push(...assessBareCode(text));
  const open = views.find((view) => view.command.exitIgnored);
  if (open !== undefined) risks.push({ kind: 'fails-open', what: 'ignores that it failed', span: open.span });
  return risks.filter(
    (risk, index) =>
      risks.findIndex(
        (one) => one.kind === risk.kind && one.span.start === risk.span.start && one.span.end === risk.span.end,
      ) === index,
  );
}
