/** A sound model file, written as people write them; the tests of this folder change it. */
export const modelText = `{
  "version": 1,
  "name": "Moons",
  "data": { "source": { "kind": "generator", "name": "moons", "samples": 100 } },
  "layers": [
    { "id": "hidden1", "type": "dense", "units": 8, "activation": "tanh" },
    { "id": "output", "type": "dense", "units": 1, "activation": "sigmoid" }
  ],
  "loss": "binaryCrossEntropy",
  "optimizer": { "type": "adam", "learningRate": 0.01 },
  "training": { "epochs": 10, "batchSize": 16 }
}
`;

/** The text with one piece replaced; fails when the piece is not there. */
export function changed(from: string, to: string, text = modelText): string {
  if (!text.includes(from)) throw new Error(`The text does not hold ${from}.`);
  return text.replace(from, to);
}
