using System.Diagnostics;
using System.Text.Json;
using Bunit;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Components;
using CalicoConsole.Web.Components.Shared;
using CalicoConsole.Web.State;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace CalicoConsole.Web.Tests.Hostile;

/// <summary>Twenty thousand keys that no well-meaning program would write, in a real etcd: every list of the API answers, every page is drawn, and nothing is lost from sight.</summary>
public sealed class HostileDataTests
{
    private const int Keys = 20_000;

    private static readonly string[] Lists =
    [
        "ippools", "profiles", "policies", "bgppeers", "hostendpoints", "endpoints", "nodes", "networks", "containers", "unparsable", "status", "audit", "ipam", "drafts", "assertions", "attachments", "policy-order", "disabled-policies",
        "manifests", "manifests?documents=true", "reachability?from=10.90.0.1&to=10.90.0.2&protocol=tcp&port=80",
    ];

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    [Fact]
    public async Task TwentyThousandHostileKeys_EndNothingAndHideNothing()
    {
        await using var console = await EtcdConsole.StartAsync([.. HostileKeys.Make(Keys)], Cancel);
        var snapshot = console.State.Current;
        var wrong = new List<string>();
        await ListsAsync(console, wrong);
        await PagesAsync(console, snapshot, wrong);
        Assert.True(wrong.Count == 0, $"{wrong.Count} things are wrong:\n{string.Join('\n', wrong.Take(60))}");
    }

    private static async Task ListsAsync(EtcdConsole console, List<string> wrong)
    {
        using var api = console.Api();
        foreach (var list in Lists)
        {
            using var response = await api.GetAsync($"/api/v1/{list}", Cancel);
            var text = await response.Content.ReadAsStringAsync(Cancel);
            if (!response.IsSuccessStatusCode)
            {
                wrong.Add($"GET {list}: {(int)response.StatusCode} {text[..Math.Min(300, text.Length)]}");
            }
            else if (list is "ippools" or "profiles" or "policies" or "bgppeers" or "hostendpoints" or "endpoints")
            {
                // Nothing twice, and each of them found under its own name.
                var names = JsonElement.Parse(text).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("metadata").GetRawText()).ToArray();
                wrong.AddRange(names.GroupBy(n => n).Where(g => g.Count() > 1).Select(g => $"GET {list} lists {g.Key} {g.Count()} times"));
            }
        }
    }

    private static async Task PagesAsync(EtcdConsole console, ClusterSnapshot snapshot, List<string> wrong)
    {
        await using var context = new BunitContext();
        context.JSInterop.Mode = JSRuntimeMode.Loose;
        // What a circuit has of its own is made here, all else is that of the running console.
        var services = console.Services;
        context.Services.AddMudServices();
        context.Services.AddConsoleState();
        context.Services.AddSingleton(TimeProvider.System);
        context.Services.AddSingleton(services.GetRequiredService<IClusterState>());
        context.Services.AddSingleton(services.GetRequiredService<IOperationRunner>());
        context.Services.AddSingleton(services.GetRequiredService<IRunningOperations>());
        context.Services.AddSingleton(services.GetRequiredService<IpamState>());
        context.Services.AddSingleton(services.GetRequiredService<SharedLists>());
        context.Services.AddSingleton(services.GetRequiredService<ReachabilityModels>());
        context.Services.AddSingleton(services.GetRequiredService<AssertionStates>());
        context.Services.AddFallbackServiceProvider(services);
        context.AddAuthorization().SetAuthorized("admin");
        context.Renderer.SetRendererInfo(new RendererInfo("Server", true));
        var navigation = context.Services.GetRequiredService<NavigationManager>();
        var routes = context.Render<Routes>();
        foreach (var address in Addresses(snapshot))
        {
            var watch = Stopwatch.StartNew();
            try
            {
                navigation.NavigateTo(address);
                routes.WaitForState(() => routes.Markup.Contains("<h1", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
                var markup = routes.Markup;
                foreach (var sign in new[] { "data-failed-part", "data-failed-row", "This page failed" })
                {
                    if (markup.IndexOf(sign, StringComparison.Ordinal) is >= 0 and var at)
                    {
                        wrong.Add($"{address}: {markup[at..Math.Min(at + 400, markup.Length)]}");
                    }
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                wrong.Add($"{address}: {e.GetBaseException().GetType().Name} {e.GetBaseException().Message}");
                return;
            }

            Xunit.TestContext.Current.SendDiagnosticMessage("{0}: {1} ms", address, watch.ElapsedMilliseconds);
        }
    }

    // Every page that stands by itself, and of each kind the pages and forms of some of the worst objects.
    private static IEnumerable<string> Addresses(ClusterSnapshot snapshot)
    {
        var calico = snapshot.Calico;
        var pages = typeof(Routes).Assembly.GetTypes().SelectMany(t => t.GetCustomAttributes(typeof(RouteAttribute), false).Cast<RouteAttribute>()).Select(r => r.Template.TrimStart('/'))
            .Where(t => !t.Contains('{', StringComparison.Ordinal) && !t.StartsWith("account/", StringComparison.Ordinal) && t is not "error" and not "not-found").Order(StringComparer.Ordinal);
        string[] tabs = ["ippools?tab=findings", "ippools?tab=nodes", "bgp?tab=nodes", "bgp?tab=peers", "manifests?tab=export", "policies?sort=order", "endpoints?selector=has(a)", "reachability?tab=matrix", "endpoints?q=%1b"];
        var objects = StoredResources.AllKinds.SelectMany(k => calico.ResourcesOf(k).Select(r => ResourceId.Of(r.Value)).OrderBy(i => i.Label.Length % 7).ThenBy(i => i.Label, StringComparer.Ordinal).Take(12));
        return
        [
            .. pages,
            .. tabs,
            .. objects.Select(Links.Resource).OfType<string>().SelectMany(l => new[] { l, $"{l}?tab=yaml", $"{l}?tab=rules", $"{l}?tab=endpoints" }),
            .. calico.Profiles.Keys.Take(6).SelectMany(n => new[] { Links.EditProfile(n), Links.DeleteProfile(n) }),
            .. calico.Policies.Keys.Take(6).SelectMany(n => new[] { Links.EditPolicy(n), Links.DeletePolicy(n), Links.DisablePolicy(n) }),
            .. calico.HostEndpoints.Values.Take(4).SelectMany(e => new[] { Links.EditHostEndpoint(e.Value.Node, e.Value.Name), Links.DeleteHostEndpoint(e.Value.Node, e.Value.Name) }),
            .. calico.Nodes.Keys.Take(4).SelectMany(n => new[] { Links.EditNode(n), Links.DeleteNode(n) }),
            .. calico.BgpPeers.Values.Take(3).SelectMany(p => new[] { Links.EditBgpPeer(p.Value.PeerIP, p.Value.Node), Links.DeleteBgpPeer(p.Value.PeerIP, p.Value.Node) }),
            .. calico.IPPools.Keys.Take(3).SelectMany(c => new[] { Links.EditPool(c), Links.DeletePool(c) }),
            .. calico.Unparsable.Keys.Where((_, i) => i % 400 == 0).Select(Links.RemoveKey),
        ];
    }
}
