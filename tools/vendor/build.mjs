// Make lms/static/vendor, the icon sprite and the fonts anew from package-lock.json.
//
//   npm ci --ignore-scripts && npm run build
//
// The result is committed: neither running nor testing the platform needs Node.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import * as esbuild from "esbuild";

import { trimmed } from "./kit.mjs";
import { strictStyles } from "./strict-styles.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(here, "node_modules");
const statics = path.resolve(here, "../../lms/static");
const vendor = path.join(statics, "vendor");
const WEIGHTS = [400, 600];
const PDF_FONTS = ["400Regular", "600SemiBold", "700Bold"];
const LICENCES = [
  "@expo-google-fonts/be-vietnam-pro", "@tabler/core", "@tabler/icons", "@tiptap/core", "@tiptap/pm",
  "hls.js", "htmx.org", "katex", "media-chrome",
];

const read = (...parts) => readFile(path.join(...parts), "utf8");

async function put(name, content) {
  const file = path.join(vendor, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}

async function copy(from, folder, name = path.basename(from)) {
  await mkdir(folder, { recursive: true });
  await copyFile(path.join(modules, from), path.join(folder, name));
}

async function bundle(entry, name, plugins = []) {
  await esbuild.build({
    entryPoints: [entry],
    outfile: path.join(vendor, name),
    absWorkingDir: here,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2020",
    legalComments: "none",
    plugins,
  });
}

async function kit() {
  const whole = await read(modules, "@tabler/core/dist/css/tabler.css");
  const { code } = await esbuild.transform(trimmed(whole), { loader: "css", minify: true });
  await put("tabler/kit.css", code);
}

async function katex() {
  // Browsers that know modules know woff2; the other formats are left behind.
  const css = (await read(modules, "katex/dist/katex.min.css")).replace(
    /,url\([^)]*\.(woff|ttf)\) format\("(woff|truetype)"\)/g, "",
  );
  await put("katex/katex.min.css", css);
  await bundle(path.join(modules, "katex/dist/katex.mjs"), "katex/katex.js");
  for (const [, font] of css.matchAll(/url\(fonts\/([^)]+\.woff2)\)/g)) {
    await copy(`katex/dist/fonts/${font}`, path.join(vendor, "katex/fonts"));
  }
}

async function fonts() {
  for (const weight of WEIGHTS) {
    for (const subset of ["vietnamese", "latin"]) {
      const file = `be-vietnam-pro-${subset}-${weight}-normal.woff2`;
      await copy(`@fontsource/be-vietnam-pro/files/${file}`, path.join(vendor, "be-vietnam-pro"));
    }
  }
  for (const name of PDF_FONTS) {
    const file = `BeVietnamPro_${name}.ttf`;
    await copy(
      `@expo-google-fonts/be-vietnam-pro/${name}/${file}`,
      path.join(statics, "fonts/pdf"),
      file.replace(/_\d+/, "-"),
    );
  }
}

async function icons() {
  const names = (await read(here, "icons.txt")).split("\n").filter(Boolean);
  const symbols = await Promise.all(names.map(symbol));
  await writeFile(
    path.join(statics, "icons.svg"),
    `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`,
  );
}

async function symbol(name) {
  const [folder, file] = name.endsWith("-filled")
    ? ["filled", name.slice(0, -"-filled".length)]
    : ["outline", name];
  const svg = await read(modules, `@tabler/icons/icons/${folder}/${file}.svg`);
  const shapes = svg
    .replace(/<!--[^]*?-->/g, "").replace(/<svg[^>]*>|<\/svg>/g, "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
    .replace(/\s*\n\s*/g, "").replace(/ \/>/g, "/>");
  const fill = folder === "filled" ? ' fill="currentColor"' : "";
  return `<symbol id="${name}" viewBox="0 0 24 24"${fill}>${shapes}</symbol>`;
}

async function licences() {
  const parts = [];
  for (const name of LICENCES) {
    const about = JSON.parse(await read(modules, name, "package.json"));
    const found = (await readdir(path.join(modules, name))).find((f) => /^licen[cs]e/i.test(f));
    const text = found ? await read(modules, name, found) : `Licence: ${about.license}\n`;
    parts.push(`${name} ${about.version}\n${"=".repeat(72)}\n${text.trim()}\n`);
  }
  await put("LICENSES.txt", parts.join("\n\n"));
}

async function filesUnder(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(statics, path.join(entry.parentPath ?? entry.path, entry.name)).split(path.sep).join("/"))
    .sort();
}

/* A compressed twin beside each large text: served as it is, at no cost per request. */
async function twins() {
  const files = [...(await filesUnder(vendor)), "icons.svg"];
  for (const file of files.filter((name) => /\.(css|js|svg)$/.test(name))) {
    const plain = await readFile(path.join(statics, file));
    await writeFile(path.join(statics, `${file}.gz`), gzipSync(plain, { level: 9 }));
  }
}

async function manifest() {
  const files = [...(await filesUnder(vendor)), ...(await filesUnder(path.join(statics, "fonts"))), "icons.svg", "icons.svg.gz"];
  const hashes = {};
  for (const file of files.filter((name) => !name.endsWith("MANIFEST.json")).sort()) {
    hashes[file] = createHash("sha256").update(await readFile(path.join(statics, file))).digest("hex");
  }
  await put("MANIFEST.json", JSON.stringify(hashes, null, 2) + "\n");
}

await rm(vendor, { recursive: true, force: true });
await rm(path.join(statics, "fonts"), { recursive: true, force: true });
await kit();
await katex();
await fonts();
await icons();
await copy("htmx.org/dist/htmx.min.js", path.join(vendor, "htmx"));
await bundle("entries/editor.js", "tiptap/tiptap.js");
await bundle("entries/hls.js", "hls/hls.light.js");
await bundle("entries/player.js", "media-chrome/media-chrome.js", [strictStyles]);
await licences();
await twins();
await manifest();
