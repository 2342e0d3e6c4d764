/** Day on which the tags were last read. */
export const RELEASE_DATE = '2026-11-21';

/** What a tag of an action stood for on that day. */
export interface ReleaseRow {
  readonly action: string;
  /** Tag as written in pipelines. */
  readonly ref: string;
  /** The full version that the tag stood for. */
  readonly version: string;
  readonly commit: string;
}

/** Tags of the common actions of agent jobs, read from their repositories: tag, version, commit. A tag may have moved since. */
const RELEASES: Readonly<Record<string, readonly (readonly [ref: string, version: string, commit: string])[]>> = {
  'actions/cache': [
    ['v1', 'v1.2.1', 'f5ce41475b483ad7581884324a6eca9f48f8dcc7'],
    ['v3', 'v3.5.0', '6f8efc29b200d32929f49075959781ed54ec270c'],
    ['v4', 'v4.3.0', '0057852bfaa89a56745cba8c7296529d2fc39830'],
    ['v5', 'v5.0.5', '27d5ce7f107fe9357f9df03efb73ab90386fccae'],
    ['v3.4.1', 'v3.4.1', '58c1e461ab4154b5b12d40cb0e84792b845ab8ba'],
    ['v3.4.2', 'v3.4.2', '387e18722e6ff315b24a3b8b071feddd27b7bf7e'],
    ['v3.4.3', 'v3.4.3', '2f8e54208210a422b2efd51efaa6bd6d7ca8920f'],
    ['v3.5.0', 'v3.5.0', '6f8efc29b200d32929f49075959781ed54ec270c'],
    ['v4.2.2', 'v4.2.2', 'd4323d4df104b026a6aa633fdb11d772146be0bf'],
    ['v4.2.3', 'v4.2.3', '5a3ec84eff668545956fd18022155c47e93e2684'],
    ['v4.2.4', 'v4.2.4', '0400d5f644dc74513175e3cd8d07132dd4860809'],
    ['v4.3.0', 'v4.3.0', '0057852bfaa89a56745cba8c7296529d2fc39830'],
    ['v5.0.2', 'v5.0.2', '8b402f58fbc84540c8b491a91e594a4576fec3d7'],
    ['v5.0.3', 'v5.0.3', 'cdf6c1fa76f9f475f3d7449005a359c84ca0f306'],
    ['v5.0.4', 'v5.0.4', '668228422ae6a00e4ad889ee87cd7109ec5666a7'],
    ['v5.0.5', 'v5.0.5', '27d5ce7f107fe9357f9df03efb73ab90386fccae'],
  ],
  'actions/checkout': [
    ['v1', 'v1.2.0', '50fbc622fc4ef5163becd7fab6573eac35f8462e'],
    ['v2', 'v2.8.0', '0717577d45739eb3c851188b29f50ed6c0b2194e'],
    ['v3', 'v3.7.0', 'a37ce9120846195fa4ece8f58b268e6043cb2f26'],
    ['v4', 'v4.4.0', '11d5960a326750d5838078e36cf38b85af677262'],
    ['v5', 'v5.1.0', 'fbc6f3992d24b796d5a048ff273f7fcc4a7b6c09'],
    ['v6', 'v6.1.0', 'd23441a48e516b6c34aea4fa41551a30e30af803'],
    ['v7', 'v7.0.1', '3d3c42e5aac5ba805825da76410c181273ba90b1'],
    ['v5.0.0', 'v5.0.0', '08c6903cd8c0fde910a37f88322edcfb5dd907a8'],
    ['v5.0.1', 'v5.0.1', '93cb6efe18208431cddfb8368fd83d5badbf9bfd'],
    ['v5.1.0', 'v5.1.0', 'fbc6f3992d24b796d5a048ff273f7fcc4a7b6c09'],
    ['v6.0.1', 'v6.0.1', '8e8c483db84b4bee98b60c0593521ed34d9990e8'],
    ['v6.0.2', 'v6.0.2', 'de0fac2e4500dabe0009e67214ff5f5447ce83dd'],
    ['v6.0.3', 'v6.0.3', 'df4cb1c069e1874edd31b4311f1884172cec0e10'],
    ['v6.1.0', 'v6.1.0', 'd23441a48e516b6c34aea4fa41551a30e30af803'],
    ['v7.0.0', 'v7.0.0', '9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0'],
    ['v7.0.1', 'v7.0.1', '3d3c42e5aac5ba805825da76410c181273ba90b1'],
  ],
  'actions/github-script': [
    ['v1', 'v1.1.0', 'c7971c2fc036368a2c59c8d48a0357dad1780f0d'],
    ['v2', 'v2.1.0', '4aed96e0ba636e3df2423e6887c9a83ef8522d6d'],
    ['v3', 'v3.2.0', 'ffc2c79a5b2490bd33e0a41c1de74b877714d736'],
    ['v4', 'v4.2.0', '10b53a9ec6c222bb4ce97aa6bd2b5f739696b536'],
    ['v5', 'v5.2.0', '211cb3fefb35a799baa5156f9321bb774fe56294'],
    ['v6', 'v6.4.1', 'd7906e4ad0b1822421a7e6a35d5ca353c962f410'],
    ['v7', 'v7.1.0', 'f28e40c7f34bde8b3046d885e986cb6290c5673b'],
    ['v8', 'v8.0.0', 'ed597411d8f924073f98dfc5c65a23a2325f34cd'],
    ['v6.3.2', 'v6.3.2', '100527700e8b29ca817ac0e0dfbfc5e8ff38edda'],
    ['v6.3.3', 'v6.3.3', 'd556feaca394842dc55e4734bf3bb9f685482fa0'],
    ['v6.4.0', 'v6.4.0', '98814c53be79b1d30f795b907e553d8679345975'],
    ['v6.4.1', 'v6.4.1', 'd7906e4ad0b1822421a7e6a35d5ca353c962f410'],
    ['v7.0.0', 'v7.0.0', 'e69ef5462fd455e02edcaf4dd7708eda96b9eda0'],
    ['v7.0.1', 'v7.0.1', '60a0d83039c74a4aee543508d2ffcb1c3799cdea'],
    ['v7.1.0', 'v7.1.0', 'f28e40c7f34bde8b3046d885e986cb6290c5673b'],
    ['v8.0.0', 'v8.0.0', 'ed597411d8f924073f98dfc5c65a23a2325f34cd'],
  ],
  'actions/setup-node': [
    ['v1', 'v1.4.6', 'f1f314fca9dfce2769ece7d933488f076716723e'],
    ['v2', 'v2.5.2', '7c12f8017d5436eb855f1ed4399f037a36fbd9e8'],
    ['v3', 'v3.9.1', '3235b876344d2a9aa001b8d1453c930bba69e610'],
    ['v4', 'v4.4.0', '49933ea5288caeca8642d1e84afbd3f7d6820020'],
    ['v5', 'v5.0.0', 'a0853c24544627f65ddf259abe73b1d18a591444'],
    ['v6', 'v6.5.0', '249970729cb0ef3589644e2896645e5dc5ba9c38'],
    ['v7', 'v7.0.0', '820762786026740c76f36085b0efc47a31fe5020'],
    ['v5.0.0', 'v5.0.0', 'a0853c24544627f65ddf259abe73b1d18a591444'],
    ['v6.2.0', 'v6.2.0', '6044e13b5dc448c55e2357c09f80417699197238'],
    ['v6.3.0', 'v6.3.0', '53b83947a5a98c8d113130e565377fae1a50d02f'],
    ['v6.4.0', 'v6.4.0', '48b55a011bda9f5d6aeb4c2d9c7362e8dae4041e'],
    ['v6.5.0', 'v6.5.0', '249970729cb0ef3589644e2896645e5dc5ba9c38'],
    ['v7.0.0', 'v7.0.0', '820762786026740c76f36085b0efc47a31fe5020'],
  ],
  'actions/setup-python': [
    ['v1', 'v1.2.4', '0f07f7f756721ebd886c2462646a35f78a8bc4de'],
    ['v2', 'v2.3.4', 'e9aba2c848f5ebd159c070c61ea2c4e2b122355e'],
    ['v3', 'v3.1.4', '3542bca2639a428e1796aaa6a2ffef0c0f575566'],
    ['v4', 'v4.9.1', '7f4fc3e22c37d6ff65e88745f38bd3157c663f7c'],
    ['v5', 'v5.6.0', 'a26af69be951a213d495a4c3e4e4022e16d87065'],
    ['v6', 'v6.3.0', 'ece7cb06caefa5fff74198d8649806c4678c61a1'],
    ['v7', 'v7.0.0', '5fda3b95a4ea91299a34e894583c3862153e4b97'],
    ['v5.3.0', 'v5.3.0', '0b93645e9fea7318ecaed2b359559ac225c90a2b'],
    ['v5.4.0', 'v5.4.0', '42375524e23c412d93fb67b49958b491fce71c38'],
    ['v5.5.0', 'v5.5.0', '8d9ed9ac5c53483de85588cdf95a591a75ab9f55'],
    ['v5.6.0', 'v5.6.0', 'a26af69be951a213d495a4c3e4e4022e16d87065'],
    ['v6.0.0', 'v6.0.0', 'e797f83bcb11b83ae66e0230d6156d7c80228e7c'],
    ['v6.1.0', 'v6.1.0', '83679a892e2d95755f2dac6acb0bfd1e9ac5d548'],
    ['v6.2.0', 'v6.2.0', 'a309ff8b426b58ec0e2a45f0f869d46889d02405'],
    ['v6.3.0', 'v6.3.0', 'ece7cb06caefa5fff74198d8649806c4678c61a1'],
    ['v7.0.0', 'v7.0.0', '5fda3b95a4ea91299a34e894583c3862153e4b97'],
  ],
  'actions/upload-artifact': [
    ['v1', 'v1.0.0', '3446296876d12d4e3a0f3145a3c87e67bf0a16b5'],
    ['v2', 'v2.3.1', '82c141cc518b40d92cc801eee768e7aafc9c2fa2'],
    ['v3', 'v3.2.1', 'ff15f0306b3f739f7b6fd43fb5d26cd321bd4de5'],
    ['v4', 'v4.6.2', 'ea165f8d65b6e75b540449e92b4886f43607fa02'],
    ['v5', 'v5.0.0', '330a01c490aca151604b8cf639adc76d48f6c5d4'],
    ['v6', 'v6.0.0', 'b7c566a772e6b6bfb58ed0dc250532a479d7789f'],
    ['v7', 'v7.0.0', 'bbbca2ddaa5d8feaa63e36b76fdaad77386f024f'],
    ['v5.0.0', 'v5.0.0', '330a01c490aca151604b8cf639adc76d48f6c5d4'],
    ['v6.0.0', 'v6.0.0', 'b7c566a772e6b6bfb58ed0dc250532a479d7789f'],
    ['v7.0.0', 'v7.0.0', 'bbbca2ddaa5d8feaa63e36b76fdaad77386f024f'],
  ],
  'actions/ai-inference': [
    ['v0', 'v0.0.1', '5ac68dad30e5f447a3138ef74f038117040a886a'],
    ['v1', 'v1.2.8', 'b81b2afb8390ee6839b494a404766bef6493c7d9'],
    ['v2', 'v2.1.1', 'a7805884c80886efc241e94a5351df715968a0ad'],
    ['v0.0.0', 'v0.0.0', '32ebbe708a949e86bb55656e3c3b9ec03fde0085'],
    ['v0.0.1', 'v0.0.1', '5ac68dad30e5f447a3138ef74f038117040a886a'],
    ['v1.2.5', 'v1.2.5', 'c37f296c9870f114b99afa32ae087c98b877ab48'],
    ['v1.2.6', 'v1.2.6', '3c6ec33d64d25e4c45ce2a7e22df945eca3c541c'],
    ['v1.2.7', 'v1.2.7', '0cbed4a10641c75090de5968e66d70eb4660f751'],
    ['v1.2.8', 'v1.2.8', 'b81b2afb8390ee6839b494a404766bef6493c7d9'],
    ['v2.0.7', 'v2.0.7', 'e09e65981758de8b2fdab13c2bfb7c7d5493b0b6'],
    ['v2.0.8', 'v2.0.8', 'af6ad2c4ac4edf01884054fc3a6caa6d2567c13a'],
    ['v2.1.0', 'v2.1.0', '17ff458cb182449bbb2e43701fcd98f6af8f6570'],
    ['v2.1.1', 'v2.1.1', 'a7805884c80886efc241e94a5351df715968a0ad'],
  ],
  'anthropics/claude-code-action': [
    ['v0', 'v0.0.63', '28f83620103c48a57093dcc2837eec89e036bb9f'],
    ['v1', 'v1.0.200', '24dcd50c0568f0fc9e9211213a4fd2d9eb15c4e0'],
    ['v0.0.60', 'v0.0.60', '68b7ca379c023e06c7d12ad2c81e346b1670cf8c'],
    ['v0.0.61', 'v0.0.61', '194fca8b05f044ca6678c516c60c73d6b1d6dbae'],
    ['v0.0.62', 'v0.0.62', '9f02f6f6d43ec1d1da0f80028250535a057f3f32'],
    ['v0.0.63', 'v0.0.63', '28f83620103c48a57093dcc2837eec89e036bb9f'],
    ['v1.0.197', 'v1.0.197', '5ee796a55f92566ecd7e39d70dd613abcbea0d7c'],
    ['v1.0.198', 'v1.0.198', '3f854a8fb5146b39d5cbf8b57f70d80810e1366f'],
    ['v1.0.199', 'v1.0.199', 'dcb57747bfceeaa1fa72638cae52295d1d853d4a'],
    ['v1.0.200', 'v1.0.200', '24dcd50c0568f0fc9e9211213a4fd2d9eb15c4e0'],
  ],
  'google-github-actions/run-gemini-cli': [
    ['v0', 'v0.1.22', 'f77273f4c914e4bf38440cf36a0369cb64a37489'],
    ['v0.1.19', 'v0.1.19', '5a3b23c898e09c9a9d00e75f7725e83ed603884d'],
    ['v0.1.20', 'v0.1.20', 'b7c22b00bd5a02e52eec973dc4b3bd391eb31512'],
    ['v0.1.21', 'v0.1.21', '9dbec29a20fab3f35017a40ad0eb798a257d4d51'],
    ['v0.1.22', 'v0.1.22', 'f77273f4c914e4bf38440cf36a0369cb64a37489'],
  ],
  'openai/codex-action': [
    ['v1', 'v1.8', 'e0fdf01220eb9a88167c4898839d273e3f2609d1'],
    ['v1.5', 'v1.5', 'bdc01a0b28bb6936f84be3db1ab077a4e4032e49'],
    ['v1.6', 'v1.6', 'c25d10f3f498316d4b2496cc4c6dd58057a7b031'],
    ['v1.7', 'v1.7', '5c3f4ccdb2b8790f73d6b21751ac00e602aa0c02'],
    ['v1.8', 'v1.8', 'e0fdf01220eb9a88167c4898839d273e3f2609d1'],
  ],
};

/** The commit behind a tag; undefined for what nobody here read. */
export function releaseOf(action: string, ref: string): ReleaseRow | undefined {
  const row = RELEASES[action.toLowerCase()]?.find(([tag]) => tag === ref);
  return row && { action, ref, version: row[1], commit: row[2] };
}
