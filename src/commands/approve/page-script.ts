/** What both pages can do: talk to the program that served them, and turn bytes into text. Runs in a browser. */
const SHARED = `
'use strict';
const say = (text) => { document.querySelector('[role=status]').textContent = text; };
const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
async function ask(step, body) {
  const answer = await fetch(location.pathname + '/' + step, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  });
  const result = await answer.json();
  if (!answer.ok) throw new Error(result.error);
  return result;
}
function onSubmit(act) {
  const button = document.querySelector('button');
  document.querySelector('form').addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    say('');
    try {
      say(await act());
    } catch (error) {
      say('Not done: ' + error.message);
      button.disabled = false;
    }
  });
}
`;

/** The challenge is the digest of the statement that the program made of this page and this reason. */
export const APPROVE_SCRIPT = `${SHARED}
onSubmit(async () => {
  const { challenge, rpId, credentials } = await ask('statement', { reason: document.querySelector('#reason').value });
  const credential = await navigator.credentials.get({ publicKey: {
    challenge: bytes(challenge), rpId, userVerification: 'required', timeout: 120000,
    allowCredentials: credentials.map((id) => ({ type: 'public-key', id: bytes(id) })),
  } });
  const { authenticatorData, clientDataJSON, signature } = credential.response;
  await ask('assertion', {
    credentialId: credential.id, authenticatorData: text(authenticatorData),
    clientDataJSON: text(clientDataJSON), signature: text(signature),
  });
  return 'Signed. You can close this page.';
});
`;

export const ENROL_SCRIPT = `${SHARED}
onSubmit(async () => {
  const { challenge, rpId, user, userId } = await ask('options', {});
  const credential = await navigator.credentials.create({ publicKey: {
    challenge: bytes(challenge), rp: { id: rpId, name: 'Sallyport' },
    user: { id: bytes(userId), name: user, displayName: user },
    pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
    authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
    attestation: 'none', timeout: 120000,
  } });
  const { attestationObject, clientDataJSON } = credential.response;
  await ask('registration', {
    id: credential.id, attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON),
  });
  return 'Done. The row for the trust store stands in your terminal.';
});
`;
