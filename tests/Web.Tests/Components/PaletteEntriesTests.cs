using CalicoConsole.Core.Kinds;
using CalicoConsole.Web.Kinds;
using CalicoConsole.Web.Shell;
using CalicoConsole.Web.Shell.Palette;
using CalicoConsole.Web.Tests.Forms;

namespace CalicoConsole.Web.Tests.Components;

/// <summary>What navigation and palette say of calicoctl's kinds, word for word: they read it from the kinds' rows.</summary>
public sealed class PaletteEntriesTests
{
    private const string OfKinds = """
        IP pool | 10.20.0.0/16 |  | ippools/10.20.0.0-16
        action | Edit IP pool 10.20.0.0/16 |  | do/edit-pool?cidr=10.20.0.0-16
        action | Delete IP pool 10.20.0.0/16 |  | do/delete-pool?cidr=10.20.0.0-16
        IP pool | fd00::/64 |  | ippools/fd00::-64
        action | Edit IP pool fd00::/64 |  | do/edit-pool?cidr=fd00::-64
        action | Delete IP pool fd00::/64 |  | do/delete-pool?cidr=fd00::-64
        profile | my_net | my_net | profiles/my_net
        action | Edit profile my_net |  | do/edit-profile?name=my_net
        action | Delete profile my_net |  | do/delete-profile?name=my_net
        profile | team/db | db | profiles/team/db
        action | Edit profile team/db |  | do/edit-profile?name=team/db
        action | Delete profile team/db |  | do/delete-profile?name=team/db
        policy | team/web | has(a) | policies/team/web
        action | Edit policy team/web |  | do/edit-policy?name=team/web
        action | Disable policy team/web |  | do/disable-policy?name=team/web
        action | Delete policy team/web |  | do/delete-policy?name=team/web
        BGP peer | 192.0.2.254 | global | bgp/peers/global/192.0.2.254
        action | Edit BGP peer 192.0.2.254 | global | do/edit-bgp-peer?peer=192.0.2.254
        action | Delete BGP peer 192.0.2.254 | global | do/delete-bgp-peer?peer=192.0.2.254
        BGP peer | 192.0.2.253 | docker01 | bgp/peers/node/docker01/192.0.2.253
        action | Edit BGP peer 192.0.2.253 | docker01 | do/edit-bgp-peer?peer=192.0.2.253&node=docker01
        action | Delete BGP peer 192.0.2.253 | docker01 | do/delete-bgp-peer?peer=192.0.2.253&node=docker01
        host endpoint | uplink | docker01 eth0 | hostendpoints/docker01/uplink
        action | Edit host endpoint uplink | docker01 | do/edit-host-endpoint?node=docker01&name=uplink
        action | Delete host endpoint uplink | docker01 | do/delete-host-endpoint?node=docker01&name=uplink
        action | Edit node docker01 |  | do/edit-node?name=docker01
        action | Delete node docker01 |  | do/delete-node?name=docker01
        action | Create IP pool |  | do/create-pool
        action | Create profile |  | do/create-profile
        action | Create policy |  | do/create-policy
        action | Create BGP peer |  | do/create-bgp-peer
        action | Create host endpoint |  | do/create-host-endpoint
        """;

    [Fact]
    public void Palette_OfEveryKind_HasItsResourcesAndItsForms()
    {
        string[] words = [.. KindPages.All.Select(k => Kind.Find(k.Kind)!.Word)];
        var entries = PaletteEntries.AllIn(NaturalAddressTests.World())
            .Where(e => words.Contains(e.Kind) || (e.Kind == "action" && words.Any(w => e.Name.Split(' ', 2)[1].StartsWith(w, StringComparison.Ordinal))))
            .Select(e => $"{e.Kind} | {e.Name} | {e.Detail} | {Uri.UnescapeDataString(e.Href)}");
        Assert.Equal(OfKinds.Split('\n').Append("action | Enable policy off |  | do/enable-policy?name=off").Order(StringComparer.Ordinal),
            entries.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Palette_NothingTyped_BeginsWithPagesAndWhatCanBeCreated()
    {
        var entries = PaletteEntries.AllIn(NaturalAddressTests.World());
        var pages = NavigationGroup.All(scenes: false).SelectMany(g => g.Items).Select(i => i.Title).ToArray();
        Assert.Equal(pages, entries.Take(pages.Length).Select(e => e.Name));
        Assert.All(entries.Skip(pages.Length).Take(8), e => Assert.StartsWith("Create ", e.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void Navigation_StandsInItsOrder() => Assert.Equal(
        """
        : Overview, Topology
        Fabric: Nodes, IP pools, BGP, Configuration, Other keys
        Workloads: Networks, Containers, Endpoints, Host endpoints, OpenStack
        Policy: Profiles, Policies, Drafts, Reachability, Assertions
        Operate: Connectivity, Manifests, Scenes
        Govern: Audit
        """,
        string.Join('\n', NavigationGroup.All(scenes: true).Select(g => $"{g.Title}: {string.Join(", ", g.Items.Select(i => i.Title))}")));

    [Fact]
    public void FormsOfEveryKind_AreOnePageAtTheAddressesOfItsRow()
    {
        var forms = KindPages.All.Select(k => k.Forms).OfType<KindForms>().ToArray();
        Assert.NotEmpty(forms);
        foreach (var form in forms)
        {
            var page = NaturalAddressTests.Routes[$"do/edit-{form.Ending}"];
            Assert.Equal(page, NaturalAddressTests.Routes[$"do/delete-{form.Ending}"]);
            Assert.Equal(form.Creates ? page : null, NaturalAddressTests.Routes.GetValueOrDefault($"do/create-{form.Ending}"));
        }
    }
}
