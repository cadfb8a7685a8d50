import type { Finding, JsonPath } from '../model/issues.ts';
import { walkLayers } from '../model/layerTree.ts';
import type { OptimizerType } from '../model/optimizerFields.ts';
import { lowerLearningRate, remediesFor } from '../model/remedies.ts';
import type { Network } from '../network/network.ts';
import type { Parameter } from '../network/parameter.ts';
import { updateRules } from '../optimizers/table.ts';
import type { UpdateRule } from '../optimizers/updateRule.ts';
import type { Diagnosis, Stability } from '../protocol/diagnosis.ts';
import type { LayerGradient } from '../protocol/events.ts';
import { networkVerdict } from '../protocol/verdicts.ts';
import { GradientProbe } from '../training/gradientProbe.ts';
import type { Subject } from './subject.ts';

/** A first step that changes the weights by more than themselves forgets where it began. */
const largestFirstStep = 1;
/** A first step of this share of the weights learns quickly and forgets nothing. */
const goodFirstStep = 0.02;
/** A learning rate so far below the limit that another estimate of the limit would still allow it. */
const limitShare = 0.5;

/**
 * What the first forward pass, backward pass and step say about the network: the gradient on its way back, nodes that
 * are dead or saturated, weights that all begin alike, and a step that is too large. Moves the subject's weights.
 */
export function networkFindings(subject: Subject, stability: Stability | undefined): Finding[] {
  const alike = alikeWeights(subject);
  if (alike.length > 0) return alike;
  const layers = firstStep(subject);
  const verdict = networkVerdict([{ event: 'gradients', step: 0, epoch: 0, layers }], { fewest: 1 });
  const { given } = subject;
  const findings: Finding[] = [];
  if (verdict) {
    const path = pathOf(subject, verdict.layerId);
    findings.push({
      code: verdict.code,
      severity: 'warning',
      message: `Before the first step: ${verdict.message}`,
      path: [...path, 'activation'],
      remedies: remediesFor(verdict.code, given),
    });
  }
  return [...findings, ...largeSteps(subject, layers, stability)];
}

const pathOf = ({ given: { model } }: Subject, layerId: string): JsonPath =>
  [...walkLayers(model.layers)].find(({ name }) => name === layerId)?.path ?? ['layers'];

/** Nodes that begin with the same weights stay the same for ever, since their gradients are the same too. */
function alikeWeights(subject: Subject): Finding[] {
  const { given, network } = subject;
  const weights = network.parameters.filter(({ kind }) => kind === 'weight');
  const found = weights.find((weight, i) => i < weights.length - 1 && weight.value.rows > 1 && hasEqualRows(weight));
  if (!found) return [];
  return [
    {
      code: 'zero-weights',
      severity: 'warning',
      message: `All nodes of "${found.layerId}" begin with the same weights, so they get the same gradient and stay one node for ever. Start from random weights.`,
      path: [...pathOf(subject, found.layerId), 'initializer'],
      remedies: remediesFor('zero-weights', given),
    },
  ];
}

function hasEqualRows({ value: { rows, columns, values } }: Parameter): boolean {
  for (let i = columns; i < rows * columns; i++) if (values[i] !== values[i % columns]) return false;
  return true;
}

/** One forward pass, backward pass and update on the subject's rows, as a probe sees it. */
function firstStep({ given: { model }, network, input, targets }: Subject): LayerGradient[] {
  network.lossAndGradients(input, targets);
  const probe = new GradientProbe(network);
  probe.beforeUpdate();
  update(network, model.optimizer);
  const wishes = { histograms: false, matrices: [] };
  probe.afterUpdate(input.rows, wishes);
  return probe.read(wishes);
}

function update(network: Network, optimizer: Subject['given']['model']['optimizer']): void {
  const rule: UpdateRule<OptimizerType, string> = updateRules[optimizer.type];
  const initial = rule.initialSlots(optimizer);
  for (const { value, gradient } of network.parameters) {
    const slots = Object.fromEntries(
      Object.entries(initial).map(([name, start]) => [name, new Float64Array(value.values.length).fill(start)]),
    );
    rule.update(value.values, gradient.values, slots, optimizer, 1);
  }
}

function largeSteps(
  { given: { model } }: Subject,
  layers: readonly LayerGradient[],
  stability: Diagnosis['stability'],
): Finding[] {
  const { optimizer } = model;
  const { learningRate, type } = optimizer;
  const finding = (message: string, rate: number): Finding[] => [
    {
      code: 'learning-rate',
      severity: 'warning',
      message,
      path: ['optimizer', 'learningRate'],
      remedies: [lowerLearningRate(model, rate)],
    },
  ];
  const followsCurvature = type === 'sgd' || type === 'momentum';
  if (followsCurvature && stability && learningRate > stability.limit)
    return finding(
      `The learning rate ${String(learningRate)} is beyond the stability limit ${figure(stability.limit)} = ${stability.formula} at the first weights (λ = ${figure(stability.sharpness)}): steps overshoot and grow. Lower it.`,
      limitShare * stability.limit,
    );
  // ‖ΔW‖ / ‖W‖ of all layers together.
  const weights = Math.hypot(...layers.map(({ weightNorm }) => weightNorm));
  const changes = Math.hypot(...layers.map(({ weightNorm, updateRatio }) => weightNorm * updateRatio));
  if (weights === 0 || changes <= largestFirstStep * weights) return [];
  return finding(
    `At the learning rate ${String(learningRate)} the first step of ${type} changes the weights by ${figure(changes / weights)} times their own size. Lower it.`,
    (learningRate * goodFirstStep * weights) / changes,
  );
}

const figure = (value: number) => String(Number(value.toPrecision(2)));
