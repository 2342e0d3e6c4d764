import { createHash } from 'node:crypto';
import { escapeHtml } from '../../text/index.ts';
import { APPROVE_SCRIPT, ENROL_SCRIPT } from './page-script.ts';
import { type ApprovalView, partsOf, titleOf } from './view.ts';

/** Goes up when the words, their order or the script change. */
export const PAGE_VERSION = 'web/1';

/** A document and the policy under which a browser shows it: what is in it, and nothing else, runs. */
export interface Page {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.05rem;margin:1.5rem 0 .3rem}
li{font:13px/1.5 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
ul{margin:0;padding-left:1.2rem}
textarea{width:100%;min-height:5rem;font:inherit;box-sizing:border-box}
button{font:inherit;padding:.5rem 1.2rem;margin-top:.8rem}
[role=status]{font-weight:600;min-height:1.5rem}
.alarm{border:3px solid #b00020;padding:.5rem 1rem}`;

/**
 * The page on which somebody approves. It is the trusted display, because no authenticator shows what it signs: the
 * digest of this very document goes into the statement. It loads nothing and holds no time and no token.
 */
export function renderApprovalPage(view: ApprovalView): Page {
  const parts = partsOf(view).map(
    ({ heading, lines }) =>
      `<section><h2>${escapeHtml(heading)}</h2><ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul></section>`,
  );
  const label = view.reasonNeeded ? 'Why is this right? (a reason is needed)' : 'Why is this right? (optional)';
  const action = view.decision === 'reject' ? 'Reject with passkey' : 'Approve with passkey';
  return document(
    titleOf(view),
    [
      `<h1${view.breakGlass ? ' class="alarm"' : ''}>${escapeHtml(titleOf(view))}</h1>`,
      ...parts,
      `<form><p><label for="reason">${label}</label><br><textarea id="reason" maxlength="2000"${
        view.reasonNeeded ? ' required' : ''
      }></textarea></p><button>${action}</button></form>`,
      '<p role="status"></p>',
    ],
    APPROVE_SCRIPT,
  );
}

/** The page on which somebody makes a passkey. */
export function renderEnrolPage(id: string): Page {
  return document(
    'New passkey',
    [
      `<h1>New passkey for ${escapeHtml(id)}</h1>`,
      '<p>It will count only after its row stands in the trust store of the protected branch.</p>',
      '<form><button>Create passkey</button></form>',
      '<p role="status"></p>',
    ],
    ENROL_SCRIPT,
  );
}

function document(title: string, body: readonly string[], script: string): Page {
  const html = [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>`,
    ...body,
    `<script>${script}</script></body></html>`,
    '',
  ].join('\n');
  return {
    html,
    contentSecurityPolicy: [
      "default-src 'none'",
      `script-src '${sourceHash(script)}'`,
      `style-src '${sourceHash(STYLE)}'`,
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  };
}

function sourceHash(source: string): string {
  return `sha256-${createHash('sha256').update(source).digest('base64')}`;
}
