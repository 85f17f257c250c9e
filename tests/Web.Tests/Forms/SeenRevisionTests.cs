using System.Collections.Immutable;
using System.Text;
using Bunit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Addresses;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Operations.Networks;
using CalicoConsole.Core.Operations.Nodes;
using CalicoConsole.Core.Operations.Policies;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Operations;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Live;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Forms;

/// <summary>
/// What a form is about and was changed elsewhere since it was opened is not changed or deleted unseen: on the real runner, over the sandbox's store.
/// </summary>
public sealed class SeenRevisionTests(SeenRevisionTests.Console console) : IClassFixture<SeenRevisionTests.Console>
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private static readonly string Policy = """{"selector":"has(nine)","order":9,"inbound_rules":[],"outbound_rules":[],"types":["ingress"]}""";

    private const string Endpoint = "9999999999999999999999999999999999999999999999999999999999999999";

    private static readonly string Assertion = """{"from":{"tag":"web"},"to":{"tag":"db"},"expect":"must","protocol":"tcp"}""";

    /// <summary>
    /// Address, the key, what stands there first, what somebody else makes of it, and what stands there after the form went through; null for nothing.
    /// </summary>
    public static TheoryData<string, string, string, string, string?> Cases { get; } = new()
    {
        { "do/delete-pool?cidr=10.99.0.0/16", "/calico/v1/ipam/v4/pool/10.99.0.0-16", Pool(false), Pool(true), null },
        { "do/delete-profile?name=nine", "/calico/v1/policy/profile/nine/tags", """["a"]""", """["b"]""", null },
        { "do/delete-policy?name=nine-deleted", "/calico/v1/policy/tier/default/policy/nine-deleted", Policy,
            Policy.Replace("9", "8", StringComparison.Ordinal), null },
        { "do/disable-policy?name=nine-disabled", "/calico/v1/policy/tier/default/policy/nine-disabled", Policy,
            Policy.Replace("9", "8", StringComparison.Ordinal), null },
        { "do/delete-bgp-peer?peer=192.0.2.251", "/calico/bgp/v1/global/peer_v4/192.0.2.251", """{"ip":"192.0.2.251","as_num":"64512"}""", """{"ip":"192.0.2.251","as_num":"64513"}""", null },
        { "do/delete-host-endpoint?node=rack8&name=uplink", "/calico/v1/host/rack8/endpoint/uplink", """{"name":"eth0"}""", """{"name":"eth1"}""", null },
        { "do/delete-endpoint?node=rack8&orchestrator=libnetwork&workload=libnetwork&name=" + Endpoint,
            $"/calico/v1/host/rack8/workload/libnetwork/libnetwork/endpoint/{Endpoint}", EndpointOf("cali9"), EndpointOf("cali8"), null },
        { "do/delete-endpoint?node=rack8&orchestrator=openstack&workload=vm-nine&name=port-nine",
            "/calico/v1/host/rack8/workload/openstack/vm-nine/endpoint/port-nine", EndpointOf("tap9"), EndpointOf("tap8"), null },
        { "do/delete-node?name=rack9", "/calico/v1/host/rack9/bird_ip", "10.9.9.9", "10.9.9.8", null },
        { "do/delete-assertion?name=nine", KeptKeys.For(KeptKinds.Assertion, "nine"), Assertion, Assertion.Replace("tcp", "udp", StringComparison.Ordinal),
            null },
        { "do/discard-draft?name=nine", KeptKeys.For(KeptKinds.Draft, "nine"), "{}", """{"by":"bob"}""", null },
        { "do/delete-disabled-policy?name=off8", KeptKeys.For(KeptKinds.DisabledPolicy, "off8"), Disabled("ada"), Disabled("bob"), null },
        { "do/enable-policy?name=off9", KeptKeys.For(KeptKinds.DisabledPolicy, "off9"), Disabled("ada"), Disabled("bob"), null },
        { "do/remove-key?key=/calico/v1/ipam/v4/pool/temp9", "/calico/v1/ipam/v4/pool/temp9", "x", "y", null },
        { "do/unset-config?kind=felix&name=ReportingIntervalSecs", "/calico/v1/config/ReportingIntervalSecs", "30", "40", null },
        { "do/set-config?kind=felix&name=ReportingTTLSecs", "/calico/v1/config/ReportingTTLSecs", "90", "100", "90" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task ChangedElsewhere_IsRefusedUntilSomebodyLooksAgain(string address, string key, string before, string after, string? left)
    {
        var seen = await console.WriteAsync(key, before);
        await using var tab = new Tab(console);
        var page = tab.Open(address);
        page.WaitForAssertion(() => Assert.NotNull(page.FindComponent<OperationForm>().Instance.Operation), Bound);
        Assert.Equal(seen, Expected(page.FindComponent<OperationForm>().Instance.Operation!));
        Assert.Empty(page.FindAll("[data-conflict]"));

        await console.WriteAsync(key, after);
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("[data-conflict=changed]")), Bound);
        Assert.Contains("changed elsewhere", page.Find("#form-against").TextContent, StringComparison.Ordinal);
        Assert.Equal(seen, Expected(page.FindComponent<OperationForm>().Instance.Operation!));
        await SubmitAsync(page);
        page.WaitForAssertion(() => Assert.Equal("failed", page.Find("form").GetAttribute("data-phase")), Bound);
        Assert.Contains(key, page.Find("form").TextContent, StringComparison.Ordinal);
        Assert.Equal(after, await console.ReadAsync(key));

        await FormStage.ClickAsync(page, "Go on with what is there now");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[data-conflict]")), Bound);
        await SubmitAsync(page);
        page.WaitForAssertion(() => Assert.Equal("succeeded", page.Find("form").GetAttribute("data-phase")), Bound);
        Assert.Equal(left, await console.ReadAsync(key));
    }

    /// <summary>A VM may still have it, which this console cannot see: it is named before it goes, and said to be OpenStack's.</summary>
    [Theory]
    [InlineData("openstack", "vm-ten", true)]
    [InlineData("libnetwork", "libnetwork", false)]
    public async Task EndpointOfAVM_IsConfirmedByName(string orchestrator, string workload, bool confirmed)
    {
        await console.WriteAsync($"/calico/v1/host/rack8/workload/{orchestrator}/{workload}/endpoint/ten", EndpointOf("tap10"));
        await using var tab = new Tab(console);
        var page = tab.Open($"do/delete-endpoint?node=rack8&orchestrator={orchestrator}&workload={workload}&name=ten");
        page.WaitForAssertion(() => Assert.NotNull(page.FindComponent<OperationForm>().Instance.Operation), Bound);
        Assert.Equal(confirmed ? workload : null, page.FindComponent<OperationForm>().Instance.ConfirmName);
        Assert.Equal(confirmed, page.FindAll("[data-vm]").Count == 1);
        Assert.Equal(!confirmed, page.Find("dl").TextContent.Contains("Container", StringComparison.Ordinal));
    }

    /// <summary>A form that comes new is covered: it carries what was seen, and those that delete are tried above.</summary>
    [Fact]
    public async Task EveryForm_CarriesTheRevisionThatWasSeen()
    {
        var tried = Cases.Select(c => c.Data.Item1.Split('?')[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var address in NaturalAddressTests.Addresses.Select(a => a.Data.Item1))
        {
            await using var stage = new FormStage();
            stage.State.Publish(NaturalAddressTests.World());
            var page = stage.Open(NaturalAddressTests.Routes[address.Split('?')[0]], address);
            if (page.FindComponents<OperationForm>() is not [{ Instance: { Operation: { } operation } form }, ..])
            {
                continue;
            }

            var route = address.Split('?')[0];
            if (operation.GetType().GetProperty("ExpectedRevision") is not null && operation is not WriteResource { Verb: WriteVerb.Create })
            {
                Assert.True(Expected(operation) is not null, $"{address}: {operation.Name} carries no revision");
            }

            // Docker's objects have no revision. IPAM's repairs are planned on what stands, and its configuration cannot be changed over the sandbox's blocks.
            if (form.Seen is not null && operation is not SetIpamConfig)
            {
                Assert.Contains(route, tried);
            }
            else if (form.ConfirmName is not null)
            {
                Assert.True(operation is DeleteNetwork or RemoveCalicoNode or ChangeContainer or ReleaseEndpoint or IpamOperation,
                    $"{address}: {operation.Name} deletes what was not seen");
            }
        }
    }

    private static string Pool(bool nat) => $$"""{"cidr":"10.99.0.0/16","ipip":"","ipip_mode":"","masquerade":{{(nat ? "true" : "false")}},"ipam":true,"disabled":false}""";

    private static string EndpointOf(string name) =>
        $$"""{"state":"active","name":"{{name}}","mac":"ee:ee:ee:ee:ee:ee","profile_ids":["web"],"ipv4_nets":["192.168.99.9/32"],"ipv6_nets":[]}""";

    private static string Disabled(string by) => Encoding.UTF8.GetString(DisabledPolicy.Document(by, DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes(Policy)));

    private static ulong? Expected(Operation operation) => (ulong?)operation.GetType().GetProperty("ExpectedRevision")!.GetValue(operation);

    private static async Task SubmitAsync(IRenderedComponent<IComponent> page)
    {
        if (page.FindComponent<OperationForm>().Instance.ConfirmName is { } name)
        {
            await page.InvokeAsync(() => page.Find("#f-confirm").Input(name));
        }

        await FormStage.SubmitAsync(page);
    }

    /// <summary>A console on the sandbox, whose store somebody else writes as well.</summary>
    public sealed class Console : IAsyncLifetime
    {
        private readonly ConsoleFactory _factory = new() { Live = false };

        public IServiceProvider Services => _factory.Services;

        private IDatastore Store => Services.GetRequiredService<IDatastore>();

        private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

        public async ValueTask InitializeAsync() => await UntilAsync(s => s.Feeds.Any(f => f is { Name: "etcd", Status: FeedStatus.Live }), "live");

        public async Task<ulong> WriteAsync(string key, string value)
        {
            var written = await Store.WriteAsync(new KeyWrite(key, Encoding.UTF8.GetBytes(value), Expectation.Any), Cancel);
            await UntilAsync(s => (KeptKeys.IsKept(key) ? s.Kept.GetValueOrDefault(key)?.Revision : s.Calico.Keys.Find(key)?.Revision) == written.Revision,
                key);
            return written.Revision;
        }

        public async Task<string?> ReadAsync(string key) => (await Store.ReadAsync(key, Cancel))?.Text;

        public ValueTask DisposeAsync() => _factory.DisposeAsync();

        private async Task UntilAsync(Func<ClusterSnapshot, bool> condition, string what) =>
            Assert.True(await ((Adapters.Feeds.ClusterState)Services.GetRequiredService<IClusterState>()).WaitForAsync(condition, Bound, Cancel) is not null,
                what);
    }

    private sealed class Tab : IAsyncDisposable
    {
        private readonly BunitContext _context = new();

        public Tab(Console console)
        {
            _context.AddConsole(
                console.Services.GetRequiredService<IClusterState>(),
                console.Services.GetRequiredService<IOperationRunner>(),
                console.Services.GetRequiredService<IRunningOperations>());
            _context.Services.AddSingleton<ReachabilityModels>();
            _context.Render<MudBlazor.MudPopoverProvider>();
        }

        public IRenderedComponent<IComponent> Open(string address)
        {
            _context.Services.GetRequiredService<NavigationManager>().NavigateTo(address);
            return _context.Render(builder =>
            {
                builder.OpenComponent(0, NaturalAddressTests.Routes[address.Split('?')[0]]);
                builder.CloseComponent();
            });
        }

        public async ValueTask DisposeAsync()
        {
            await _context.DisposeComponentsAsync();
            await _context.DisposeAsync();
        }
    }
}
