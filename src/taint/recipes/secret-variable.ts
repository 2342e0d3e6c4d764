/** Names of variables that hold a secret itself, as scripts and images spell them. */
const SECRET =
  /(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|SECRET_?KEY|ACCESS_?KEY|CREDENTIALS?|AUTH_?KEY|SIGNING_?KEY)(?:_\d+)?$/i;

/** Whether a variable's name says that its value is a secret; `TOKEN_FILE`, `SECRET_NAME` say where one is. */
export function isSecretVariable(name: string): boolean {
  return SECRET.test(name) && !/^(?:NO|HAS|IS|USE|NEED|SKIP|WITH|CSRF|NEXT|PAGE|PUBLIC)_/i.test(name);
}
