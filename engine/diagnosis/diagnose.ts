import type { DiagnosisCode, Finding, IssueCode } from '../model/issues.ts';
import type { ModelInFile } from '../model/modelInFile.ts';
import { isPerceptron } from '../model/task.ts';
import type { Diagnosis } from '../protocol/diagnosis.ts';
import { dataFindings } from './dataFindings.ts';
import { firstSample } from './firstSample.ts';
import { networkFindings } from './networkFindings.ts';
import { stabilityOf } from './sharpness.ts';
import { openSubject } from './subject.ts';

/** Inputs that bring about by themselves … */
const causes: readonly IssueCode[] = ['unnormalized-inputs', 'constant-column'] satisfies DiagnosisCode[];
/** … what goes when they are mended. */
const symptoms: readonly IssueCode[] = [
  'dead-units',
  'saturated-units',
  'vanishing-gradient',
  'exploding-gradient',
  'learning-rate',
] satisfies DiagnosisCode[];

/**
 * Examines a model before its training: its data, and one pass forward and back at the weights it starts from, or at
 * those of `initFile`. Causes are named, not what follows from them.
 * Rejects with what loading the data throws, `shape-mismatch`, `memory-limit` or `invalid-weights`.
 */
export async function diagnose(given: ModelInFile, initFile?: string): Promise<Diagnosis> {
  const subject = await openSubject(given, initFile);
  const fromData = dataFindings(given, subject.data);
  // The perceptron rule follows no gradient.
  const network = firstSample(subject);
  if (isPerceptron(given.model)) return { findings: fromData, stability: undefined, network };
  const stability = stabilityOf(subject);
  const fromNetwork = networkFindings(subject, stability);
  const explained = fromData.some(({ code }) => causes.includes(code));
  const findings: Finding[] = explained ? fromNetwork.filter(({ code }) => !symptoms.includes(code)) : fromNetwork;
  return { findings: [...fromData, ...findings], stability, network };
}
