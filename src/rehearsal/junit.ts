import type { TestResult } from './test-run.service.ts';

/** The results in JUnit's XML, as CI systems read it: a suite a file, a case a test. */
export function junit(results: readonly TestResult[]): string {
  const files = [...new Set(results.map(({ file }) => file))];
  const suites = files.map((file) =>
    suite(
      file,
      results.filter((result) => result.file === file),
    ),
  );
  const failures = results.filter(({ passed }) => !passed).length;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites tests="${results.length}" failures="${failures}">\n${suites.join('')}</testsuites>\n`;
}

function suite(file: string, results: readonly TestResult[]): string {
  const failures = results.filter(({ passed }) => !passed).length;
  const cases = results.map(({ name, scenario, line, details, milliseconds, passed }) => {
    const head = `<testcase name="${escape(name)}" classname="${escape(scenario)}" file="${escape(file)}" line="${line}" time="${(milliseconds / 1000).toFixed(3)}"`;
    if (passed) return `    ${head}/>\n`;
    return `    ${head}><failure message="${escape(details[0] ?? '')}">${escape(details.join('\n'))}</failure></testcase>\n`;
  });
  return `  <testsuite name="${escape(file)}" tests="${results.length}" failures="${failures}">\n${cases.join('')}  </testsuite>\n`;
}

function escape(text: string): string {
  const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  // Control characters are not allowed in XML 1.0 at all.
  return text
    .replace(/[&<>"]/g, (character) => named[character]!)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '');
}
