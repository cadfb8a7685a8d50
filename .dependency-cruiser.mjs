/** Who may import whom. Each rule says why, because that is what a person reads when it fails. */

const ours = '^(engine|extension|webview|test|bench|scripts)/';

/**
 * Files of `folder` may import, of our own folders, only those `allowed`.
 *
 * @param {string} name
 * @param {string} folder
 * @param {string[]} allowed
 * @param {string} comment
 */
const only = (name, folder, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: `^${folder}/` },
  to: { path: ours, pathNot: `^(${allowed.join('|')})/` },
});

/**
 * Inside the engine: `folder` may import itself and the folders named.
 *
 * @param {string} folder
 * @param {string[]} allowed
 * @param {string} comment
 */
const engineFolder = (folder, allowed, comment) => {
  const folders = [folder, ...allowed].map(name => `engine/${name}`);
  return only(`engine-${folder}`, `engine/${folder}`, folders, comment);
};

/**
 * A package that only files matching `from` may import.
 *
 * @param {string} name
 * @param {string} packagePattern
 * @param {string} from
 * @param {string} comment
 */
const packageOnlyIn = (name, packagePattern, from, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: ours, pathNot: from },
  to: { path: packagePattern },
});

export default {
  forbidden: [
    engineFolder('model', [], 'Every folder may import the model; so the model imports nothing.'),
    engineFolder('protocol', ['model'], 'Messages are types over the model.'),
    engineFolder('files', ['model'], 'Writing a file safely knows nothing of what is written.'),
    engineFolder('backends', ['model'], 'A backend computes on numbers; it knows no network and no data set.'),
    engineFolder('optimizers', ['model', 'backends'], 'An update rule is pure mathematics on parameters.'),
    engineFolder('data', ['model', 'backends'], 'Data become matrices; what learns from them is not their business.'),
    engineFolder(
      'network',
      ['model', 'backends', 'data', 'optimizers'],
      'A network knows layers and updates, not the loop.',
    ),
    engineFolder(
      'export',
      ['model', 'backends', 'network', 'files'],
      'An exporter writes a network; it neither trains nor serves.',
    ),
    engineFolder(
      'training',
      ['model', 'protocol', 'backends', 'optimizers', 'data', 'network', 'export', 'files'],
      'The loop is the same under the command line and in the process, so it knows neither.',
    ),
    engineFolder(
      'landscape',
      ['model', 'protocol', 'backends', 'optimizers', 'data', 'network', 'training'],
      'The lab trains and measures with the engine as it is; neither the process nor the command line is its business.',
    ),
    engineFolder(
      'diagnosis',
      ['model', 'protocol', 'backends', 'optimizers', 'data', 'network', 'training', 'export'],
      'A diagnosis looks at a training from outside; the loop does not know that it is looked at.',
    ),
    engineFolder(
      'worker',
      ['model', 'protocol', 'backends', 'optimizers', 'data', 'network', 'training'],
      'The worker computes what the loop tells it over the protocol; it is another place for a device session, not another loop.',
    ),
    {
      name: 'worker-is-an-entry',
      severity: 'error',
      comment: 'A view starts the worker as a file; who imports it brings gpu.js and a browser along.',
      from: { path: ours, pathNot: '^(engine/worker|test)/' },
      to: { path: '^engine/worker/' },
    },
    {
      name: 'process-is-an-entry',
      severity: 'error',
      comment: 'The training process is started as a file; nobody imports it, the command line included.',
      from: { path: ours, pathNot: '^(engine/process|test)/' },
      to: { path: '^engine/process/' },
    },
    {
      name: 'command-line-is-an-entry',
      severity: 'error',
      comment: 'The command line is a host of the trainer, not a library.',
      from: { path: ours, pathNot: '^(engine/cli|test)/' },
      to: { path: '^engine/cli/' },
    },
    only('engine-stands-alone', 'engine', ['engine'], 'The command line must run without VS Code.'),
    only(
      'extension-through-protocol',
      'extension',
      ['extension', 'engine/model', 'engine/protocol'],
      'The host starts the engine as a process and speaks the protocol; it never computes.',
    ),
    only(
      'webview-through-protocol',
      'webview',
      ['webview', 'engine/model', 'engine/protocol'],
      'A webview meets the rest in messages only.',
    ),
    {
      name: 'kit-stands-alone',
      severity: 'error',
      comment: 'The kit serves every view, so it knows none of them.',
      from: { path: '^webview/kit/' },
      to: { path: '^webview/', pathNot: '^webview/kit/' },
    },
    {
      name: 'views-stand-alone',
      severity: 'error',
      comment: 'Views are separate pages; what two of them share belongs into the kit.',
      from: { path: '^webview/(?!kit/)([^/]+)/' },
      to: { path: '^webview/', pathNot: '^webview/(kit|$1)/' },
    },
    {
      name: 'tests-are-leaves',
      severity: 'error',
      comment: 'What ships may not depend on its tests or tools.',
      from: { path: '^(engine|extension|webview)/' },
      to: { path: '^(test|bench|scripts)/' },
    },
    packageOnlyIn(
      'form-controls-in-kit',
      '@vscode/webview-ui-toolkit',
      '^webview/kit/',
      'The form-control library is deprecated: replacing it must touch one folder.',
    ),
    packageOnlyIn(
      'three-in-the-lab',
      '(^|/)(@types/)?three(/|$)',
      '^(webview/lab|test/webview/lab)/',
      'three.js is large: only the lab loads it, and only when it is seen.',
    ),
    packageOnlyIn(
      'gpu-in-its-backend',
      '(^|/)gpu\\.js(/|$)',
      '^(engine/backends/gpu|bench)/',
      'gpu.js stays behind the backend interface.',
    ),
    packageOnlyIn(
      'vscode-in-extension',
      '^vscode$|@types/vscode',
      '^(extension|test/extension)/',
      'Only the extension runs inside VS Code; its tests run there, or put a double in its place.',
    ),
    {
      name: 'portable',
      severity: 'error',
      comment:
        'Model and protocol run in the host, in webviews and in Node, so they use nothing that one of these lacks.',
      from: { path: '^engine/(model|protocol)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'browser-has-no-node',
      severity: 'error',
      comment: 'A webview and its worker have no Node.',
      from: { path: '^(webview|engine/worker)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle means that two files are one idea.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      comment: 'An import that leads nowhere is a typing mistake or a missing package.',
      from: {},
      to: { couldNotResolve: true, pathNot: '^vscode$' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist|test-results|\\.vscode-test|\\.cache)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'types', 'default'],
    },
  },
};
