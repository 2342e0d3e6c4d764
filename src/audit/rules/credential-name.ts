import { credentialClass } from '../../facts/index.ts';

/** Endings and parts of names that hold a credential by habit. In capitals. */
const CREDENTIAL_NAME =
  /(?:^|_)(?:API_?KEY|ACCESS_?KEY|SECRET_?KEY|PRIVATE_?KEY|AUTH_?KEY|TOKEN|PAT|SECRET|SECRETS|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|AUTH_TOKEN)(?:_BASE64|_B64)?$/;

/** Names that look like one and are none: limits, public halves, names and places of credentials. */
const NO_CREDENTIAL =
  /PUBLIC|(?:MAX|LIMIT|BUDGET|COUNT)_?|_(?:NAME|ID|URL|PATH|FILE|DIR|HOST|HELPER|TTL|EXPIRY|LENGTH|TYPE)$/;

/** Whether a variable of this name holds a credential. */
export function isCredentialName(name: string): boolean {
  const capitals = name.toUpperCase().replaceAll('-', '_').replaceAll('.', '_');
  if (NO_CREDENTIAL.test(capitals)) return false;
  return CREDENTIAL_NAME.test(capitals);
}

/** Whether a variable of this name holds a key of a model vendor. */
export function isModelKeyName(name: string): boolean {
  return isCredentialName(name) && credentialClass(name) === 'model-key';
}

/** Whether a stored secret of this name is hardly one: an identifier, an address, a user name. */
export function isPublicName(name: string): boolean {
  return /(?:^|_)(?:ID|URL|HOST|HOSTNAME|PORT|REGION|USER|USERNAME|EMAIL|NAME|PROJECT|ORG|BUCKET|DOMAIN|PROVIDER|ACCOUNT|ROLE|ARN|CLUSTER|ZONE|LOCATION|CHANNEL|TENANT)$/.test(
    name.toUpperCase(),
  );
}
