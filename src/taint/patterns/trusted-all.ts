import type { ClassNode, Expression } from '../../code/index.ts';
import type { FindingDraft } from '../../findings/index.ts';
import { alwaysTrue, callsBelow, constantText, ownName } from './functions.ts';
import { partsBelow } from './traversal.ts';
import { type FindWeaknesses, maySpell, weakness } from './weakness.ts';

/**
 * What should check and says yes to everything: an `X509TrustManager` that refuses nothing and a `HostnameVerifier` that
 * takes every name (CODE45), a key function of `jwt.Parse` with the key in it (CODE50).
 */
export const findTrustedAll: FindWeaknesses = ({ module }) => {
  if (module.language === 'java') {
    if (!maySpell(module, /TrustManager|HostnameVerifier/i)) return [];
    return [...classesIn(module.body).flatMap(openMembers), ...verifiersIn(module.body)];
  }
  return module.language === 'go' && maySpell(module, /jwt/) ? keysIn(module.body) : [];
};

function classesIn(body: Parameters<typeof partsBelow>[0]): readonly ClassNode[] {
  const found: ClassNode[] = [];
  for (const part of partsBelow(body)) {
    if (part.kind === 'statement' && part.statement.kind === 'class') found.push(part.statement.class);
    if (part.kind === 'expression' && part.expression.kind === 'class') found.push(part.expression.class);
  }
  return found;
}

function openMembers({ bases, members }: ClassNode): readonly FindingDraft[] {
  const kinds = bases.map(ownName);
  return members.flatMap(({ name, function: method }) => {
    if (!method) return [];
    const trusts =
      name === 'checkServerTrusted' && method.body.length === 0 && kinds.some((kind) => /TrustManager$/.test(kind));
    const verifies = name === 'verify' && alwaysTrue(method) && kinds.includes('HostnameVerifier');
    if (!trusts && !verifies) return [];
    const message = trusts ? 'Every certificate is taken for good' : 'Every name in a certificate is taken for good';
    return weakness('CODE45', { message, place: method.place, subject: name });
  });
}

function verifiersIn(body: Parameters<typeof callsBelow>[0]): readonly FindingDraft[] {
  return [...callsBelow(body)].flatMap((call) => {
    if (!/^(?:set(?:Default)?H|h)ostnameVerifier$|^setSSLHostnameVerifier$/.test(ownName(call.callee))) return [];
    const [verifier] = call.arguments.map(({ value }) => value);
    if (verifier?.kind !== 'function' || !alwaysTrue(verifier.function)) return [];
    const message = 'Every name in a certificate is taken for good';
    return weakness('CODE45', { message, place: call.place, subject: ownName(call.callee) });
  });
}

/** `jwt.Parse(token, func(…) { return []byte("…"), nil })`. */
function keysIn(body: Parameters<typeof callsBelow>[0]): readonly FindingDraft[] {
  return [...callsBelow(body)].flatMap((call): readonly FindingDraft[] => {
    if (!/^Parse(?:WithClaims)?$/.test(ownName(call.callee))) return [];
    const functions = call.arguments.flatMap(({ value }) => (value.kind === 'function' ? value.function : []));
    return functions.flatMap(({ body: inner }) =>
      [...partsBelow(inner)].flatMap((part) => {
        const answer = part.kind === 'statement' && part.statement.kind === 'return' ? part.statement.value : undefined;
        const key: Expression | undefined = answer?.kind === 'list' ? answer.items[0] : answer;
        if (!key || (constantText(key) ?? '') === '') return [];
        const message = 'The key that tokens are checked with stands in the code';
        return weakness('CODE50', { message, place: key.place, subject: 'key of jwt.Parse' });
      }),
    );
  });
}
