// The public API as declarations, one report an entry of the exports map, in docs/api/. `npm run api` writes them; with `--check`
// it fails where they differ from dist/types, so that a change of the API is seen in its review.
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv.includes('--check');
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const reportFolder = join(root, 'docs/api');
mkdirSync(reportFolder, { recursive: true });

let stale = 0;
for (const [path, { types }] of Object.entries(exports)) {
  // The single file exports what the others do.
  if (types && path !== './single') stale += reportOf(path.replace('./', '').replace('.', 'index'), types);
}
if (check && stale > 0) {
  console.error('The public API changed: run `npm run api` and commit docs/api, if it was meant to.');
  process.exitCode = 1;
}

/** 1 where the report was out of date, else 0. */
function reportOf(name, types) {
  const extractorConfig = ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, types),
      compiler: { tsconfigFilePath: join(root, 'tsconfig.build.json') },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder,
        reportTempFolder: join(root, 'build/api'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        // Release tags are not used here, and what a docstring links to is its reader's to find.
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
          'ae-unresolved-link': { logLevel: ExtractorLogLevel.None },
          'ae-undocumented': { logLevel: ExtractorLogLevel.None },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, 'package.json'),
  });
  const { apiReportChanged } = Extractor.invoke(extractorConfig, { localBuild: !check, messageCallback: quiet });
  if (apiReportChanged) console.log(`docs/api/${name}.api.md ${check ? 'is out of date' : 'written'}`);
  return apiReportChanged ? 1 : 0;
}

/** Progress is of no interest; errors are. */
function quiet(message) {
  message.handled = message.logLevel !== ExtractorLogLevel.Error;
}
