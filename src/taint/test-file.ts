/** Tests and examples hold secrets and shortcuts on purpose. */
export function isTestFile(path: string): boolean {
  return FOLDER.test(path) || NAME.test(path) || JAVA_CLASS.test(path);
}

const FOLDER =
  /(?:^|\/)(?:(?:[\w-]{1,40}[_-])?tests?|__tests__|__fixtures__|testdata|e2e|specs?|fixtures|examples?|mocks?)\//i;
const NAME =
  /(?:^|\/)(?:test_[^/]*|conftest|[^/]*[._-](?:test|tests|spec)|(?:jest|vitest|tests?)[._-]?setup|setup[._-]?(?:jest|vitest|tests?))\.[a-z]+$/i;
/** `StoreTest.java`: the name begins a word, unlike that of `Latest.java`. */
const JAVA_CLASS = /[a-z\d]Tests?\.java$/;
