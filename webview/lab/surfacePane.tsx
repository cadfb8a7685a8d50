import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { t } from '../kit/language.ts';
import { figureText } from '../kit/numberText.ts';
import type { ColorOf } from '../kit/themeColors.ts';
import { eyeOf, projection, startCamera, turned, type Camera, type Place } from './camera.ts';
import { Occlusion } from './occlusion.ts';
import { drawWays } from './drawing.ts';
import type { Lab } from './lab.ts';
import { summaryOf, waysAt } from './picture.ts';
import type { Relief } from './relief.ts';
import { entrantsOf, surfaceTitle, type LabState } from './state.ts';
import type * as SceneModule from './surfaceScene.ts';
import { isCalm, useCanvas } from './useCanvas.ts';

interface SurfacePaneProps {
  readonly lab: Lab;
  readonly state: LabState;
  readonly relief: Relief;
  readonly colorOf: ColorOf;
}

/** The surface in three dimensions: drag or arrow keys turn it, the wheel or + and − zoom. */
export function SurfacePane({ lab, state, relief, colorOf }: SurfacePaneProps) {
  const below = useRef<HTMLCanvasElement>(null);
  const above = useRef<HTMLCanvasElement>(null);
  const scene = useRef<SceneModule.SurfaceScene>(undefined);
  const shown = useRef<readonly unknown[]>([]);
  const [module, setModule] = useState<typeof SceneModule | undefined>();
  const [problem, setProblem] = useState('');
  const [camera, turn] = useState(lab.camera);
  const setCamera = (next: (now: Camera) => Camera) =>
    turn(now => {
      lab.lookFrom(next(now));
      return lab.camera;
    });
  const entrants = entrantsOf(state);
  const occlusion = useMemo(
    () => module && new Occlusion(relief, module.rise, eyeOf(camera)),
    [module, relief, camera],
  );

  useEffect(() => {
    let gone = false;
    import('./surfaceScene.ts').then(
      loaded => {
        if (gone || !below.current) return;
        try {
          scene.current = new loaded.SurfaceScene(below.current);
          setModule(loaded);
        } catch {
          setProblem(
            t('There is no WebGL here, so the surface cannot be shown in three dimensions. The contour shows it all.'),
          );
        }
      },
      () => setProblem(t('The 3-D picture could not be loaded. The contour shows it all.')),
    );
    return () => {
      gone = true;
      scene.current?.dispose();
    };
  }, []);

  useCanvas(above, lab.playback, (context, { width, height, ratio }) => {
    if (!module || !scene.current) return;
    if (!same(shown.current, [relief, colorOf])) {
      const [low, high, line] = [colorOf('--relief-0'), colorOf('--relief-1'), colorOf('--fg')];
      scene.current.show(relief, { low, high, line });
    }
    const drawn = [relief, colorOf, camera, width, height, ratio];
    if (!same(shown.current, drawn)) scene.current.draw(camera, width, height, ratio);
    shown.current = drawn;
    const project = projection(camera, width, height);
    const placeOf = placesOf(relief, module.rise);
    drawWays(
      context,
      waysAt({
        state,
        entrants,
        playback: lab.playback,
        relief,
        project: (x, y, f) => project(placeOf(x, y, f)),
        behind: (positions, step, f) =>
          occlusion?.hidesPoint(positions, step, () =>
            placeOf(positions[2 * step] ?? 0, positions[2 * step + 1] ?? 0, f),
          ) ?? false,
        colorOf,
        calm: isCalm(),
      }),
      colorOf('--bg'),
      true,
    );
  });

  return (
    <section class="pane surface" aria-label={t('Surface')} aria-busy={!module && problem === ''}>
      <header>
        <span class="title">{t('Surface')}</span>
        <span class="muted small hint">{t('height {0} · drag to turn · faint: behind a hill', relief.riseText)}</span>
      </header>
      {problem === '' ? (
        <>
          <canvas ref={below} aria-hidden="true" />
          <canvas
            ref={above}
            role="img"
            tabIndex={0}
            aria-label={t(
              '{0} Arrow keys turn it, plus and minus zoom.',
              summaryOf(
                state.mode === 'surface'
                  ? t('Surface of {0}', surfaceTitle(state.setup))
                  : t('Surface of the loss of the network'),
                entrants,
                lab.playback.step,
                figureText,
              ),
            )}
            data-testid="surface"
            onPointerDown={event => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={event => {
              if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
              const { movementX, movementY } = event;
              setCamera(now => turned(now, -movementX / 180, movementY / 180));
            }}
            onWheel={event => {
              event.preventDefault();
              setCamera(now => turned(now, 0, 0, Math.exp(event.deltaY / 800)));
            }}
            onDblClick={() => setCamera(() => startCamera)}
            onKeyDown={event => {
              const [azimuth, elevation, zoom] = moves[event.key] ?? [0, 0, 1];
              if (azimuth === 0 && elevation === 0 && zoom === 1) return;
              event.preventDefault();
              setCamera(now => turned(now, azimuth, elevation, zoom));
            }}
          />
        </>
      ) : (
        <p class="empty muted" data-testid="no-webgl">
          {problem}
        </p>
      )}
    </section>
  );
}

const moves: Readonly<Record<string, readonly [azimuth: number, elevation: number, zoom: number]>> = {
  ArrowLeft: [0.1, 0, 1],
  ArrowRight: [-0.1, 0, 1],
  ArrowUp: [0, 0.08, 1],
  ArrowDown: [0, -0.08, 1],
  '+': [0, 0, 0.9],
  '-': [0, 0, 1.1],
};

/** Whether what was drawn last began with the same parts. */
const same = (before: readonly unknown[], now: readonly unknown[]): boolean =>
  now.every((part, i) => part === before[i]);

/** Where points with their heights stand in the picture: a little above the surface. */
function placesOf(relief: Relief, rise: number): (x: number, y: number, f: number) => Place {
  const { x, y } = relief.grid.domain;
  return (a, b, f) => [
    (2 * (a - x[0])) / (x[1] - x[0]) - 1,
    (2 * (b - y[0])) / (y[1] - y[0]) - 1,
    rise * relief.rise(f) + 0.012,
  ];
}
