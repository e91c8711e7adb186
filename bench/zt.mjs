import {zoo} from '@whittle/zoo';
import * as tf from '@tensorflow/tfjs';
import {graphToTfjs} from './dist/tfjs/graph-to-tfjs.js';
await tf.setBackend('cpu'); tf.enableProdMode();
const std=a=>{let s=0,q=0;for(const v of a){s+=v;q+=v*v}const m=s/a.length;return [m,Math.sqrt(q/a.length-m*m)]};
const which=process.argv[2]; const size=+(process.argv[3]??96);
for (const m of zoo){ if(which&&!m.id.includes(which))continue;
 for (const bn of ['separate','folded']){
  const g=m.build({size,batchNorm:bn});
  const n=3*size*size;
  const outs=[];
  for(const seed of [1,2,3]){ 
   // three kinds of images: smooth, noise, bright
   const x=new Float32Array(n); for(let i=0;i<n;i++){const p=Math.floor(i/3);const yy=Math.floor(p/size),xx=p%size; const noise=(Math.sin(i*12.9898*seed)*43758.5453)%1; x[i]=seed===1?noise*1.7:seed===2?1.4*Math.sin(yy/9+i%3)*Math.cos(xx/7)+0.3*noise:noise+0.8}
   const t=performance.now();
   const gg = bn==='separate' && seed===1 ? {...g, outputs:[...g.outputs, ...g.nodes.filter(k=>['Relu','Clip','Add'].includes(k.op)).map(k=>({name:k.outputs[0].name,value:k.outputs[0]}))]} : g;
   const r=graphToTfjs(gg)([tf.tensor4d(x,[1,size,size,3])]);
   const o=r[0].dataSync(); outs.push(o);
   const dt=performance.now()-t;
   if(bn==='separate'&&seed===1) console.log(r.slice(1).map((t,i)=>{const d=t.dataSync();const [mm,ss]=std(d);let z=0,six=0;for(const v of d){if(v<=0)z++;if(v>=6)six++} 
      // dead channels
      const C=t.shape[3],per=d.length/C;let dead=0;for(let c=0;c<C;c++){let any=false;for(let k=0;k<per;k++)if(d[k*C+c]!==d[c]){any=true;break}if(!any)dead++}
      return `${gg.outputs[i+1].name}: mean ${mm.toFixed(2)} std ${ss.toFixed(2)} zero ${(z/d.length*100).toFixed(0)}% six ${(six/d.length*100).toFixed(0)}% constant channels ${dead}/${C}`}).join('\n'));
   console.log(m.id,bn,seed,std(o).map(v=>v.toFixed(3)).join(' '), dt.toFixed(0)+' ms');
  }
  const diff=(a,b)=>{const d=a.map((v,i)=>v-b[i]);return std(d)[1]};
  console.log('across images', diff(outs[0],outs[1]).toFixed(3), diff(outs[0],outs[2]).toFixed(3));
 }}
