using Bunit;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.HostEndpoints;
using CalicoConsole.Web.Areas.Policies;
using CalicoConsole.Web.Areas.Profiles;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Tests.Api;

namespace CalicoConsole.Web.Tests.Forms;

public sealed class EffectPanelTests : IAsyncDisposable
{
    private readonly FormStage _stage = new();

    public EffectPanelTests() => _stage.State.Publish(Cluster.Snapshot() with { Calico = ReachabilitySample.State() });

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        Assert.Equal(0, _stage.State.Subscribers);
    }

    [Fact]
    public void Unchanged_HasNoEffect()
    {
        var page = _stage.Open<ProfileForm>("do/edit-profile?name=db");
        page.WaitForAssertion(() => Assert.Equal("empty", page.Find("[data-effect]").GetAttribute("data-effect")));
        Assert.Contains("No effect on who may talk to whom", page.Find("[data-effect]").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-warning]"));
    }

    [Fact]
    public async Task Edited_SaysWhatOpensAndCloses()
    {
        var page = _stage.Open<ProfileForm>("do/edit-profile?name=db");
        await FormStage.OnAsync(page, "button[aria-label^='Ingress rule 1:']", b => b.Click());
        await FormStage.ClickAsync(page, "Remove port 5432");
        await FormStage.InputAsync(page, "Ports", "6379");
        page.WaitForAssertion(() =>
        {
            var row = page.Find("[data-change='web>db']");
            Assert.Contains("tcp 6379", row.QuerySelector("[data-opens]")!.TextContent, StringComparison.Ordinal);
            Assert.Contains("tcp 5432", row.QuerySelector("[data-closes]")!.TextContent, StringComparison.Ordinal);
        });
        Assert.Contains("Opens 1 pair and closes 1 pair of endpoints", page.Find(".effect [role=status]").TextContent, StringComparison.Ordinal);
        Assert.Contains("2 endpoints are affected", page.Find(".effect [role=status]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warning_StandsAtItsRuleToo()
    {
        var page = _stage.Open<ProfileForm>("do/edit-profile?name=db");
        await FormStage.ClickAsync(page, "Duplicate ingress rule 1");
        page.WaitForAssertion(() => Assert.Contains("Ingress rule 2: ", page.Find("[data-warning=Shadowed]").TextContent, StringComparison.Ordinal));
        Assert.Contains("rule 1 before it takes all that it would", page.Find("[aria-label='Warnings about ingress rule 2']").TextContent,
            StringComparison.Ordinal);

        // The warning goes with its rule at once, before the panel has looked again.
        await FormStage.ClickAsync(page, "Remove ingress rule 2");
        Assert.Empty(page.FindAll("[aria-label^='Warnings about']"));
    }

    [Fact]
    public async Task NotReadable_WaitsAndSaysSo()
    {
        var page = _stage.Open<ProfileForm>("do/create-profile");
        Assert.Equal("none", page.Find("[data-effect]").GetAttribute("data-effect"));
        await FormStage.InputAsync(page, "Name", "new");
        page.WaitForAssertion(() => Assert.Equal("empty", page.Find("[data-effect]").GetAttribute("data-effect")));
    }

    [Fact]
    public void Deleted_SaysWhatCloses()
    {
        var page = _stage.Open<ProfileForm>("do/delete-profile?name=db");
        page.WaitForAssertion(() => Assert.Contains("tcp 5432", page.Find("[data-change='web>db'] [data-closes]").TextContent, StringComparison.Ordinal));
        Assert.Contains("There is no profile db", page.Find("[data-warning=MissingProfile]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policy_NewOne_SaysWhatItCloses()
    {
        var page = _stage.Open<PolicyForm>("do/create-policy");
        await FormStage.InputAsync(page, "Name", "quiet");
        await FormStage.InputAsync(page, "Selector", "role == 'back'");
        page.WaitForAssertion(() => Assert.Contains("tcp 5432", page.Find("[data-change='web>db'] [data-closes]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task HostEndpoint_NewOne_SaysWhoIsLockedOut()
    {
        Put(V1Keys.FelixConfig("FailsafeInboundHostPorts"), "none");
        var page = _stage.Open<HostEndpointForm>("do/create-host-endpoint?node=docker01");
        Assert.Equal("none", page.Find("[data-effect]").GetAttribute("data-effect"));
        await FormStage.InputAsync(page, "Name", "eth0");
        await FormStage.InputAsync(page, "Expected addresses", "192.168.122.45");
        page.WaitForAssertion(() => Assert.Contains(
            "nobody can reach SSH (tcp 22) of host docker01 through host endpoint eth0",
            page.Find("[data-warning=LockOut]").TextContent,
            StringComparison.Ordinal));
        Assert.Contains("Host docker01 itself takes or sends less than before.", page.Find(".effect [role=status]").TextContent, StringComparison.Ordinal);
        Assert.Contains("tcp", page.Find("[data-change='outside: other addresses>host docker01'] [data-closes]").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("No effect on who may talk to whom", page.Find(".effect [role=status]").TextContent, StringComparison.Ordinal);

        // A profile that lets everybody in ends it.
        Put(V1Keys.ProfileRules("hosts"), """{"inbound_rules":[{"action":"allow"}],"outbound_rules":[{"action":"allow"}]}""");
        Put(V1Keys.ProfileTags("hosts"), "[]");
        await FormStage.InputAsync(page, "Profiles", "hosts");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[data-warning=LockOut]")));
    }

    [Fact]
    public async Task HostEndpoint_Edited_SaysWhoIsLockedOut()
    {
        Put(V1Keys.FelixConfig("FailsafeInboundHostPorts"), "none");
        Put(V1Keys.ProfileRules("hosts"), """{"inbound_rules":[{"action":"allow"}],"outbound_rules":[{"action":"allow"}]}""");
        Put(V1Keys.ProfileTags("hosts"), "[]");
        Put(V1Keys.HostEndpoint("docker01", "eth0"), """{"name":"eth0","expected_ipv4_addrs":["192.168.122.45"],"profile_ids":["hosts"]}""");
        var page = _stage.Open<HostEndpointForm>("do/edit-host-endpoint?node=docker01&name=eth0");
        page.WaitForAssertion(() => Assert.Equal("empty", page.Find("[data-effect]").GetAttribute("data-effect")));
        Assert.Empty(page.FindAll("[data-warning]"));
        await FormStage.InputAsync(page, "Profiles", "db");
        page.WaitForAssertion(() => Assert.Contains("nobody can reach SSH", page.Find("[data-warning=LockOut]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void HostEndpoint_Deleted_LocksNobodyOut()
    {
        Put(V1Keys.FelixConfig("FailsafeInboundHostPorts"), "none");
        Put(V1Keys.HostEndpoint("docker01", "eth0"), """{"name":"eth0","expected_ipv4_addrs":["192.168.122.45"],"profile_ids":[]}""");
        var page = _stage.Open<HostEndpointForm>("do/delete-host-endpoint?node=docker01&name=eth0");
        page.WaitForAssertion(() =>
            Assert.Contains("Host docker01 itself takes or sends more than before.", page.Find(".effect [role=status]").TextContent, StringComparison.Ordinal));
        Assert.Contains("tcp", page.Find("[data-change='outside: other addresses>host docker01'] [data-opens]").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-warning=LockOut]"));
    }

    [Fact]
    public void Cluster_Changes_AndTheEffectFollows()
    {
        var page = _stage.Open<ProfileForm>("do/delete-profile?name=db");
        page.WaitForAssertion(() => Assert.NotNull(page.Find("[data-change='web>db']")));
        var key = V1Keys.ProfileRules("db");
        var (next, _) = CalicoStateUpdate.Apply(_stage.State.Current.Calico, new DatastoreUpdate.Change(key, new StoredKey(key, """{"inbound_rules":[],"outbound_rules":[]}"""u8.ToArray(), 2), Subtree: false, 2));
        _stage.State.Publish(_stage.State.Current with { Calico = next });
        page.WaitForAssertion(() => Assert.Equal("empty", page.Find("[data-effect]").GetAttribute("data-effect")));
    }

    private void Put(string key, string value)
    {
        var revision = _stage.State.Current.Calico.Revision + 1;
        var (next, _) = CalicoStateUpdate.Apply(_stage.State.Current.Calico,
            new DatastoreUpdate.Change(key, new StoredKey(key, System.Text.Encoding.UTF8.GetBytes(value), revision), Subtree: false, revision));
        _stage.State.Publish(_stage.State.Current with { Calico = next });
    }

    [Fact]
    public void NoEndpoint_IsSaid()
    {
        _stage.State.Publish(_stage.State.Current with { Calico = CalicoState.Empty with { Profiles = _stage.State.Current.Calico.Profiles } });
        var page = _stage.Open<ProfileForm>("do/edit-profile?name=db");
        page.WaitForAssertion(() => Assert.Contains("There is no endpoint yet", page.Find(".effect [role=status]").TextContent, StringComparison.Ordinal));
    }
}
