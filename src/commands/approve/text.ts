import { escapeTerminal } from '../../text/index.ts';
import { type ApprovalView, partsOf, titleOf } from './view.ts';

/** Goes up when the words or their order change. */
export const TERMINAL_VERSION = 'terminal/1';

/** What the terminal shows. Its digest is signed, so it holds no colours and no time. */
export function formatView(view: ApprovalView): string {
  const parts = partsOf(view).map(({ heading, lines }) =>
    [heading, ...lines.map((line) => `  ${escapeTerminal(line)}`)].join('\n'),
  );
  return `${[escapeTerminal(titleOf(view)), ...parts].join('\n\n')}\n`;
}
