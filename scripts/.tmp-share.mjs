import * as esbuild from "esbuild"; import { minify } from "terser"; import { gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
const entry=process.argv[2];
const r=await esbuild.build({absWorkingDir:"/work/main",stdin:{contents:entry,resolveDir:"/work/main"},bundle:true,format:"esm",minifySyntax:true,target:["chrome93"],conditions:["browser"],platform:"browser",metafile:true,write:false,outdir:"/tmp/x",tsconfigRaw:{compilerOptions:{useDefineForClassFields:false}}});
const m=await minify(r.outputFiles[0].text,{compress:{passes:4},ecma:2020,mangle:{properties:{regex:/^_./,reserved:["_placeholder","_query"]}},module:true});
console.log(m.code.length,gzipSync(m.code,{level:9}).length);
if(process.argv[3])console.log(m.code);
