using System.Text.RegularExpressions;
using CalicoConsole.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalicoConsole.E2E.Tests;

/// <summary>What is open ends with the session that opened it.</summary>
public sealed partial class SessionTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private readonly List<string> _foreign = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignOutInOneTab_TheOtherTabLeavesItsForm()
    {
        var form = await fixture.NewPageAsync(_foreign);
        await fixture.SignInAsync(form, "/do/create-pool");
        var other = await form.Context.NewPageAsync();
        await other.GotoAsync("/nodes");
        await other.Locator("main[data-ready]").WaitForAsync();

        await other.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await Expect(form.GetByLabel("Password")).ToBeVisibleAsync(new() { Timeout = 15_000 });
        Assert.Contains("returnUrl=%2Fdo%2Fcreate-pool", form.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignOut_PageThatWillNotLeave_LosesItsConnection()
    {
        var form = await fixture.NewPageAsync(_foreign);
        var closed = new TaskCompletionSource();
        form.WebSocket += (_, socket) => socket.Close += (_, _) => closed.TrySetResult();
        await fixture.SignInAsync(form, "/do/create-pool");
        // A page that is told to go to the sign-in and does not: an answer without content leaves it where it is.
        await form.RouteAsync(SignInPage(), route => route.FulfillAsync(new() { Status = 204 }));
        var other = await form.Context.NewPageAsync();
        await other.GotoAsync("/nodes");
        await other.Locator("main[data-ready]").WaitForAsync();

        await other.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
    }

    [Fact]
    public async Task SecondConsole_OnOneDatabase_EndsNamingTheFirst()
    {
        var folder = Directory.CreateTempSubdirectory("cc-one-").FullName;
        try
        {
            var settings =
                new Dictionary<string, string>(StringComparer.Ordinal) { ["ConnectionStrings__Console"] = $"Data Source={Path.Combine(folder, "console.db")}" };
            await using (await RunningConsole.StartAsync(settings, Cancel))
            {
                var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => RunningConsole.StartAsync(settings, Cancel));
                Assert.Contains("is in use by another console: process ", refused.Message, StringComparison.Ordinal);
                Assert.DoesNotContain("   at ", refused.Message, StringComparison.Ordinal);
            }

            // The first was killed: its lock went with it.
            await using var next = await RunningConsole.StartAsync(settings, Cancel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex("/account/sign-in")]
    private static partial Regex SignInPage();
}
