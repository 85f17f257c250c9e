using Bunit;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Web.Areas.Bgp;
using CalicoConsole.Web.Areas.Operations;
using CalicoConsole.Web.Areas.Pools;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Tests.Forms;

/// <summary>One page serves all forms of a kind: what was filled in, seen or agreed to for one of them never counts for another.</summary>
public sealed class ResourceFormTests : IAsyncDisposable
{
    private readonly FormStage _stage = new();

    public ResourceFormTests() => _stage.State.Publish(NaturalAddressTests.World());

    public async ValueTask DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public void AddressOfAnotherForm_OfTheSamePage_BeginsAnew()
    {
        var page = _stage.Open<BgpPeerForm>("do/create-bgp-peer?node=docker01");
        Assert.Equal("docker01", FormStage.Field(page, "Who peers with it").QuerySelector("option[selected]")?.GetAttribute("value"));

        Go(page, "do/edit-bgp-peer?peer=192.0.2.253&node=docker01");
        Assert.Equal("Edit BGP peer 192.0.2.253", page.Find("h1").TextContent);
        Assert.Equal("of docker01", page.Find(".page-head .muted").TextContent);
        Assert.Equal("64512", FormStage.Field(page, "AS number of the peer").GetAttribute("value"));
        Assert.Equal(WriteVerb.Replace, Assert.IsType<WriteResource>(Operation(page)).Verb);

        Go(page, "do/edit-bgp-peer?peer=192.0.2.254");
        Assert.Equal("of every node", page.Find(".page-head .muted").TextContent);

        Go(page, "do/delete-bgp-peer?peer=192.0.2.254");
        Assert.Equal("Delete BGP peer 192.0.2.254", page.Find("h1").TextContent);
        var deletion = Assert.IsType<DeleteResource>(Operation(page));
        Assert.Equal("192.0.2.254", deletion.Id.Name);
        Assert.NotNull(deletion.ExpectedRevision);

        Go(page, "do/create-bgp-peer");
        Assert.Empty(FormStage.Field(page, "Address of the peer").GetAttribute("value") ?? "");
        Assert.Null(Operation(page));
    }

    [Fact]
    public async Task Agreement_ToDeleteWhatIsInUse_IsOfOneResourceAlone()
    {
        var page = _stage.Open<PoolForm>("do/delete-pool?cidr=10.20.0.0/16");
        await FormStage.OnAsync(page, "input[type=checkbox]", box => box.Change(true));
        Assert.True(Assert.IsType<DeleteResource>(Operation(page)).EvenIfInUse);

        Go(page, "do/delete-pool?cidr=fd00::/64");
        var other = Assert.IsType<DeleteResource>(Operation(page));
        Assert.Equal(("fd00::/64", false), (other.Id.Name, other.EvenIfInUse));
    }

    [Theory]
    [InlineData("do/edit-bgp-peer?peer=192.0.2.9", "Edit BGP peer", "There is no BGP peer 192.0.2.9 (global)")]
    [InlineData("do/delete-bgp-peer?peer=nonsense&node=a", "Delete BGP peer", "There is no BGP peer nonsense (a)")]
    [InlineData("do/delete-bgp-peer?peer=nonsense&operation=00000000-0000-0000-0000-000000000001", "Delete BGP peer", "There is no BGP peer nonsense (global)")]
    [InlineData("do/edit-host-endpoint?node=docker01&name=eth9", "Edit host endpoint", "There is no host endpoint docker01/eth9")]
    [InlineData("do/delete-host-endpoint?name=eth9", "Delete host endpoint", "There is no host endpoint /eth9")]
    [InlineData("do/edit-pool?cidr=nonsense", "Edit IP pool", "There is no IP pool nonsense")]
    [InlineData("do/delete-node", "Delete node", "There is no node ")]
    [InlineData("do/edit-policy", "Edit policy", "There is no policy ")]
    [InlineData("do/delete-profile?name=nobody", "Delete profile", "There is no profile nobody")]
    public void NothingThere_IsSaid(string address, string title, string said)
    {
        var page = _stage.Open(NaturalAddressTests.Routes[address.Split('?')[0]], address);
        Assert.Equal(title, page.Find("h1").TextContent);
        Assert.Equal(said.Trim(), page.Find("[data-missing] strong").TextContent.Trim());
    }

    // As the router does: the page stays, and hears of another address.
    private void Go<T>(IRenderedComponent<T> page, string address)
        where T : ComponentBase
    {
        _stage.GoTo(address);
        page.Render();
    }

    private static Core.Operations.Operation? Operation<T>(IRenderedComponent<T> page)
        where T : class, IComponent => page.FindComponent<OperationForm>().Instance.Operation;
}
