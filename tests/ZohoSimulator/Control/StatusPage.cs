using System.Globalization;
using System.Net;
using System.Text;
using TshErp.ZohoSimulator.Sender;
using TshErp.ZohoSimulator.Store;

namespace TshErp.ZohoSimulator.Control;

/// <summary>A page for people: what is in here, and buttons for what is done most.</summary>
internal static class StatusPage
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b2430;background:#fbfbfd}
        table{border-collapse:collapse}td,th{padding:.25rem .9rem .25rem 0;text-align:start;border-bottom:1px solid #dfe3e8}
        button{margin:.2rem .4rem .2rem 0;padding:.4rem .8rem;border:1px solid #b8c0cc;border-radius:6px;background:#fff;cursor:pointer;font:inherit}
        button:hover{background:#eef3fb}pre{background:#10161f;color:#d8e3f0;padding:1rem;border-radius:8px;overflow:auto;max-height:24rem}
        """;

    private const string Script = """
        const out=document.querySelector('pre');
        async function call(method,path,body){
          out.textContent='…';
          const r=await fetch('/__fake'+path,{method,body:body?JSON.stringify(body):undefined});
          const text=await r.text();
          try{out.textContent=r.status+' '+JSON.stringify(JSON.parse(text),null,2)}catch{out.textContent=r.status+' '+text}
        }
        async function editOne(){
          const all=await (await fetch('/__fake/snapshot/items')).json();
          const item=all[Math.floor(Math.random()*all.length)];
          await call('POST','/mutate',{entity:'items',id:item.item_id,set:{name:item.name.split(' ~')[0]+' ~'+Date.now()%10000},webhook:true});
        }
        """;

    private static readonly (string Label, string Call)[] Buttons =
    [
        ("Rename an item", "editOne()"),
        ("Burst: 200 items", "call('POST','/burst',{count:200,entities:['items']})"),
        ("Burst: everything", "call('POST','/burst',{count:200,entities:['items','contacts','pricebooks','salesorders','invoices','customerpayments']})"),
        ("Next 3 calls: 429", "call('POST','/faults',{effect:'429',retry_after:3,count:3})"),
        ("Next call: 500", "call('POST','/faults',{effect:'500',count:1})"),
        ("Expire tokens", "call('POST','/faults',{effect:'expire_token',count:1})"),
        ("No more faults", "call('DELETE','/faults')"),
        ("Clock + 1 h", "call('POST','/clock/advance',{seconds:3600})"),
        ("Sender", "call('GET','/webhooks')"),
        ("Log", "call('GET','/log?calls=20&deliveries=20')"),
        ("Start over", "confirm('Drop all edits? The mirror is left behind.')&&call('POST','/reset',{})"),
    ];

    public static void Map(IEndpointRouteBuilder control) => control.MapGet("", Answer);

    private static IResult Answer(World world, VirtualClock clock, WebhookSender sender, DeliveryQueue queue, DeliveryLog log, FaultBook faults)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
            .Append("<title>Zoho simulator</title><style>").Append(Style).Append("</style><h1>Zoho simulator</h1><p>")
            .Append(CultureInfo.InvariantCulture, $"Seed {world.Seed}, scale {world.Scale}, quirks {world.Quirks}. ")
            .Append(CultureInfo.InvariantCulture, $"Its clock says {ZohoTime.Format(clock.GetUtcNow())}. Faults in force: {faults.All().Length}.</p><p>Webhooks to ")
            .Append(sender.Settings.Target.Length == 0 ? "nowhere" : WebUtility.HtmlEncode(sender.Settings.Target))
            .Append(CultureInfo.InvariantCulture, $": {log.Of("Success")} delivered, {log.Of("Failure")} failed, {log.Of("Dropped")} dropped, ")
            .Append(CultureInfo.InvariantCulture, $"{queue.Open} waiting.</p><p>");
        foreach (var (label, call) in Buttons)
            page.Append("<button onclick=\"").Append(call).Append("\">").Append(label).Append("</button>");
        page.Append("</p><pre>Answers appear here.</pre><table><tr><th>Entity<th>Documents<th>Active<th>Truth</tr>");
        foreach (var kind in Entities.All)
        {
            var documents = world[kind].All();
            var active = documents.Count(document => document.Status == "active");
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{kind.Key}<td>{documents.Length}<td>{active}<td><a href=\"/__fake/snapshot/{kind.Key}\">snapshot</a></tr>");
        }

        page.Append("</table><script>").Append(Script).Append("</script></html>");
        return Results.Content(page.ToString(), "text/html; charset=utf-8");
    }
}
