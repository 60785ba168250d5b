import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { unpackDebianPackages } from './debian-packages.ts';
import { findOnPath } from './find-on-path.ts';
import { prepareOnce } from './prepare-once.ts';
import { libraryFolders, systemName } from './redis-program.ts';
import { runCommand } from './run-command.ts';
import { ServerUnavailable } from './server-unavailable.ts';

/** How to run Chromium on this machine. */
export interface ChromiumProgram {
  /** Absolute path. */
  readonly executable: string;
  /** To be added to its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** e.g. `156.0.8078.79` */
  readonly version: string;
}

export interface FindChromiumOptions {
  /** False: take the unpacked packages even where the system has a browser. */
  readonly useInstalled?: boolean;
  /** Told what takes long. */
  readonly say?: (line: string) => void;
}

/** What systems call it. Each is driven in the same way; the first one has no windows, and opens pages three times as fast. */
const INSTALLED = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** A browser without any font of the system ends at the first text that the page's own fonts lack. */
const PACKAGES = ['chromium-headless-shell', 'fonts-dejavu-core'];

/**
 * The system's own Chromium, else Debian's package unpacked into the cache folder with the libraries that the system
 * lacks (once per machine; needs neither root nor Docker).
 *
 * @throws ServerUnavailable
 */
export async function findChromium(options: FindChromiumOptions = {}): Promise<ChromiumProgram> {
  const { useInstalled = true, say = () => {} } = options;
  for (const name of useInstalled ? INSTALLED : []) {
    const file = findOnPath(name);
    const installed = file && (await asProgram(file, {}).catch(() => undefined));
    if (installed) return installed;
  }
  try {
    const root = await prepareOnce(join(cacheFolder(), `chromium-${systemName()}`), async (folder) => {
      say('Fetching Chromium (100 to 150 MB, by what the system lacks; Debian packages), once');
      await unpackDebianPackages(PACKAGES, folder);
    });
    return await asProgram(join(root, 'usr/lib/chromium/chromium-headless-shell'), unpackedEnv(root));
  } catch (error) {
    throw new ServerUnavailable(
      'chromium',
      `Chromium is not installed and could not be fetched (${(error as Error).message})`,
      'Install Chromium, so that `chromium` is found (`apt-get install chromium`).',
      error,
    );
  }
}

async function asProgram(executable: string, env: Record<string, string>): Promise<ChromiumProgram> {
  const said = await runCommand(executable, ['--version'], { env });
  const version = /\d+\.\d+\.\d+\.\d+/.exec(said)?.[0];
  if (version === undefined) throw new Error(`${executable} says no version`);
  return { executable, env, version };
}

/** Libraries and fonts of the unpacked packages, found where they are and not where packages expect to be. */
function unpackedEnv(root: string): Record<string, string> {
  const fonts = join(root, 'fonts.conf');
  if (!existsSync(fonts)) {
    writeFileSync(
      fonts,
      `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${join(root, 'usr/share/fonts')}</dir><cachedir>${join(root, 'fonts-cache')}</cachedir></fontconfig>\n`,
    );
  }
  const libraries = libraryFolders(root);
  if (libraries.length === 0) return { FONTCONFIG_FILE: fonts };
  return { LD_LIBRARY_PATH: libraries.flatMap(withFolderOfItsOwn).join(':'), FONTCONFIG_FILE: fonts };
}

/** PulseAudio keeps a library in a folder below, named absolutely by those who want it. */
function withFolderOfItsOwn(folder: string): string[] {
  return [folder, join(folder, 'pulseaudio')];
}
