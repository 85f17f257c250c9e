using CalicoConsole.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>Addresses that somebody types, or puts together from the API's or from what calicoctl prints, lead to the page of that very object.</summary>
public sealed class HandWrittenAddressTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private readonly List<string> _foreign = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Address_ByHand_OpensItsObject()
    {
        const string Endpoint = """{"state":"active","name":"cali1","mac":null,"profile_ids":[],"ipv4_nets":["10.0.0.1/32"],"ipv6_nets":[]}""";
        await HostileSeed.PutAsync(fixture.Etcd.Endpoint, new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["/calico/v1/host/h1/workload/k8s/ns%252Fpod-9/endpoint/eth0"] = System.Text.Encoding.UTF8.GetBytes(Endpoint),
            ["/calico/v1/host/h1/workload/k8s/ns%2fpod-8/endpoint/eth0"] = System.Text.Encoding.UTF8.GetBytes(Endpoint),
            ["/calico/v1/policy/profile/50%25/tags"] = "[]"u8.ToArray(),
            ["/calico/v1/policy/profile/a%252fb/tags"] = "[]"u8.ToArray(),
            ["/calico/v1/host/h1/endpoint/eth%2f0"] = "{}"u8.ToArray(),
            ["/calico/v1/ipam/v4/pool/10.20.0.0-16"] = """{"cidr":"10.20.0.0/16"}"""u8.ToArray(),
        }, Cancel);
        var page = await fixture.NewPageAsync(_foreign);
        await fixture.SignInAsync(page);
        foreach (var (address, shown) in new[]
        {
            ("endpoints/h1/k8s/ns%252Fpod-9/eth0", "ns%2Fpod-9"), ("endpoints/h1/k8s/ns~252Fpod-9/eth0", "ns%2Fpod-9"),
                ("endpoints/h1/k8s/ns%2Fpod-8/eth0", "ns/pod-8"), ("endpoints/h1/k8s/ns/pod-8/eth0", "ns/pod-8"),
            ("profiles/50%25", "50%"), ("profiles/50%", "50%"), ("profiles/a%252fb", "a%2fb"), ("profiles/a%2fb", "a%2fb"),
            ("hostendpoints/h1/eth%2F0", "eth/0"), ("hostendpoints/h1/eth/0", "eth/0"), ("ippools/10.20.0.0-16", "10.20.0.0/16"),
                ("ippools/10.20.0.0%2F16", "10.20.0.0/16"), ("ippools/10.20.0.0/16", "10.20.0.0/16"),
        })
        {
            // From the address bar, which loads the page, and within its circuit.
            await page.GotoAsync(fixture.Console.Address + address);
            await ExpectAsync(page, address, shown);
            await page.EvaluateAsync("() => Blazor.navigateTo('')");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Overview" })).ToBeVisibleAsync();
            await page.EvaluateAsync("address => Blazor.navigateTo(address)", address);
            await ExpectAsync(page, address, shown);
        }
    }

    private static async Task ExpectAsync(IPage page, string address, string shown)
    {
        await Expect(page.Locator("main h1")).Not.ToHaveTextAsync("Overview");
        await Expect(page.Locator("main a[href*='tab=yaml']")).ToBeVisibleAsync();
        Assert.True((await page.Locator("main").InnerTextAsync()).Contains(shown, StringComparison.Ordinal), $"{address} does not show {shown}");
    }
}
