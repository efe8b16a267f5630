import type { AnalysisResult } from '../../ports/renderer.js';
import { analyseColors } from './analyse-colors.js';
import { analyseMetadata } from './analyse-metadata.js';
import { perceptualHash } from './analyse-phash.js';
import { WHITE } from './colors.js';
import type { ChildJobs } from './messages.js';
import { explainFailure, openImage, readHeader, readInput } from './open-image.js';
import { pipelineOf, toRaster } from './raster.js';

/** Colours and hash are taken from a small copy: neither gains from more pixels. */
const SAMPLE_SIDE_PIXELS = 256;

/** Looks at a picture: only what is asked for. Runs in the child. */
export async function analyse(job: ChildJobs['analyse']): Promise<AnalysisResult> {
  const input = await readInput(job.inputPath, job.inputFormat);
  try {
    const header = await readHeader(input);
    const sample = await toRaster(
      openImage(input, { autoOrient: true }).resize({
        width: SAMPLE_SIDE_PIXELS,
        height: SAMPLE_SIDE_PIXELS,
        fit: 'inside',
        withoutEnlargement: true,
      }),
    );
    const opaque =
      sample.channels === 3 ? sample : await toRaster(pipelineOf(sample).flatten({ background: WHITE }));
    const wants = new Set(job.want);
    return {
      ...(wants.has('colors') ? { colors: analyseColors(sample) } : {}),
      ...(wants.has('phash') ? { phash: await perceptualHash(opaque) } : {}),
      ...(wants.has('metadata')
        ? { metadata: await analyseMetadata(job.inputPath, { header, sample, opaque }) }
        : {}),
    };
  } catch (error) {
    throw await explainFailure(error, input);
  }
}
