import type { SourceFile } from '../../syntax/index.ts';
import type { SheetBuilder } from '../configuration/index.ts';

const FILES = /(?:^|\/)\.(?:git|docker|npm|helm|gcloud|vercel|slug|eb)ignore$/;
/** Files that hold secrets, or everything that was ever committed. */
const SECRET =
  /(?:^|[/*.])(?:env|envrc|pem|key|p12|pfx|jks|keystore|kdbx|tfstate|tfvars|npmrc|pypirc|netrc|aws|ssh|gnupg|kube|git|htpasswd)(?:[.*/]|$)|secret|credential|id_rsa|id_ed25519|private|service-?account|kubeconfig|password/i;

/** Secrets that a list keeps out of commits, images and packages. */
export function addKeptOut(file: SourceFile, sheet: SheetBuilder): void {
  if (!FILES.test(file.path)) return;
  let start = 0;
  for (const line of file.text.split('\n')) {
    const text = line.trim();
    const isBack = text.startsWith('!');
    const pattern = text.replace(/^!/, '').replace(/\/$/, '');
    // A sample holds no secret.
    if (
      pattern !== '' &&
      !text.startsWith('#') &&
      SECRET.test(pattern) &&
      !/example|sample|template|\.pub$/i.test(pattern)
    )
      sheet.add({
        control: 'list-shrunk',
        scope: '',
        subject: pattern,
        weight: isBack ? 1 : -1,
        shown: text,
        value: '',
        place: { file: file.path, span: { start, end: start + line.length } },
        severity: 'high',
      });
    start += line.length + 1;
  }
}
