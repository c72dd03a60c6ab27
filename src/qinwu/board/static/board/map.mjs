// The map of the board: beats as areas, open calls by priority, crews counted by atom. Local data only, no tiles, no glyph server.
import * as maplibregl from "../vendor/maplibre-gl-6.17.0/maplibre-gl.mjs";

const box = document.querySelector("#map");
const TONES = ["#efe6d5", "#e3ead9", "#dfe7ea", "#efdfd9"];
const scale = document.documentElement.classList.contains("wall") ? Math.max(1, innerHeight / 1000) : 1; // seen from afar on a large screen
const empty = { type: "FeatureCollection", features: [] };

function style(beats) {
  return {
    version: 8,
    sources: { beats: { type: "geojson", data: beats }, moving: { type: "geojson", data: empty } },
    layers: [
      { id: "paper", type: "background", paint: { "background-color": "#fdfbf7" } },
      { id: "beats", type: "fill", source: "beats", paint: { "fill-color": ["match", ["get", "tone"], 0, TONES[0], 1, TONES[1], 2, TONES[2], 3, TONES[3], "#f4f1ea"] } },
      { id: "borders", type: "line", source: "beats", paint: { "line-color": "#8d8472", "line-width": scale } },
      { id: "crews", type: "circle", source: "moving", filter: ["==", ["get", "what"], "crew"], paint: { "circle-radius": ["*", scale, ["+", 4, ["get", "count"]]], "circle-color": ["match", ["get", "state"], "free", "#2f7d4f", "#b3612a"], "circle-stroke-color": "#fff", "circle-stroke-width": 1.5 * scale, "circle-translate": [9 * scale, 9 * scale] } },
      { id: "calls", type: "circle", source: "moving", filter: ["==", ["get", "what"], "call"], paint: { "circle-radius": 9 * scale, "circle-color": ["match", ["get", "priority"], 1, "#b3321f", 2, "#e0a458", "#8d8472"], "circle-stroke-color": ["case", ["get", "waiting"], "#1b1b1b", "#fff"], "circle-stroke-width": 2.5 * scale } },
    ],
  };
}

function bounds(beats) {
  const whole = new maplibregl.LngLatBounds();
  const walk = (each) => (typeof each[0] === "number" ? whole.extend(each) : each.forEach(walk));
  beats.features.forEach((one) => walk(one.geometry.coordinates));
  return whole;
}

async function start() {
  const beats = await (await fetch(box.dataset.outlines)).json();
  const map = new maplibregl.Map({ container: box, style: style(beats), bounds: bounds(beats), fitBoundsOptions: { padding: 16 }, attributionControl: false });
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.on("load", async () => {
    box.addEventListener("board:moving", (event) => map.getSource("moving").setData(event.detail));
    map.getSource("moving").setData(await (await fetch(box.dataset.moving)).json());
    box.dataset.ready = "yes";
  });
  map.on("click", "calls", (event) => location.assign(box.dataset.call.replace("0", event.features[0].properties.number)));
  map.on("mouseenter", "calls", () => (map.getCanvas().style.cursor = "pointer"));
  map.on("mouseleave", "calls", () => (map.getCanvas().style.cursor = ""));
}

if (box) start();
