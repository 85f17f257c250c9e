using Bunit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Web.Areas.Bgp;
using CalicoConsole.Web.Areas.Configuration;
using CalicoConsole.Web.Areas.HostEndpoints;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Tests.Forms;

public sealed class ConfigFormTests : IAsyncDisposable
{
    private readonly FormStage _stage = new();

    public async ValueTask DisposeAsync() => await _stage.DisposeAsync();

    [Theory]
    [InlineData("kind=felix&name=IpInIpEnabled", "true", "Felix", "IpInIpEnabled", null)]
    [InlineData("kind=felix&name=DefaultEndpointToHostAction&node=docker01", "ACCEPT", "Felix", "DefaultEndpointToHostAction", "docker01")]
    [InlineData("kind=calicoctl&name=nodeToNodeMesh", "off", "None", "nodeToNodeMesh", null)]
    [InlineData("kind=bgp&name=node_mesh", "false", "Bgp", "node_mesh", null)]
    public async Task Set_Choice_IsTheOperation(string query, string value, string raw, string name, string? node)
    {
        var page = _stage.Open<SetConfigPage>($"do/set-config?{query}");
        await page.InvokeAsync(() => FormStage.Field(page, "Value").Change(value));
        await FormStage.SubmitAsync(page);
        Assert.Equal(new SetConfiguration(name, value, node, Enum.Parse<RawConfiguration>(raw)) { ExpectedRevision = 0 },
            Assert.Single(_stage.Runner.Ran).Operation);
    }

    [Fact]
    public async Task Set_ValueThatFelixRefusesToStartOn_IsSaidBeforehand()
    {
        var page = _stage.Open<SetConfigPage>("do/set-config?kind=felix&name=InterfacePrefix");
        await page.InvokeAsync(() => FormStage.Field(page, "Value").Input("cali, tap"));
        Assert.Contains("refuse to start", page.Find(".plan").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => FormStage.Field(page, "Value").Input("cali,tap"));
        Assert.DoesNotContain("refuse to start", page.Find(".plan").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_WithoutValue_DoesNotRun()
    {
        var page = _stage.Open<SetConfigPage>("do/set-config?kind=felix&name=LogPrefix");
        await FormStage.SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);
        Assert.Contains("to take one away, unset it", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BgpPeer_WithoutAsNumber_IsRefusedThoughCalicoctlTakesIt()
    {
        var page = _stage.Open<BgpPeerForm>("do/create-bgp-peer");
        await page.InvokeAsync(() => FormStage.Field(page, "Address of the peer").Input("192.0.2.1"));
        await FormStage.SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);
        await page.InvokeAsync(() => FormStage.Field(page, "AS number of the peer").Input("1.10"));
        await FormStage.SubmitAsync(page);
        Assert.Equal("192.0.2.1 (global)", Assert.Single(_stage.Runner.Ran).Operation.ObjectName);
    }

    [Fact]
    public async Task HostEndpoint_ProfileWithSlash_IsWarnedOf()
    {
        // The effect is drawn beside the typing, so that each field is found and typed into in one go.
        var page = _stage.Open<HostEndpointForm>("do/create-host-endpoint?node=docker01");
        await FormStage.InputAsync(page, "Name", "eth0");
        await FormStage.InputAsync(page, "Interface", "eth0");
        await FormStage.InputAsync(page, "Profiles", "team/db");
        page.WaitForAssertion(() => Assert.Contains("ignores the whole host endpoint", page.Find(".plan:not(.effect)").TextContent, StringComparison.Ordinal));
        Assert.Contains("failsafe ports", page.Find(".plan:not(.effect)").TextContent, StringComparison.Ordinal);
    }
}
