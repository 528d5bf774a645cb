package community

import "strings"

// catNames returns the names of all cats. They are unique. They use many scripts, diacritics
// and lengths, so that frontends and searches are tried with realistic input.
func catNames() []string {
	return strings.Split(strings.Join([]string{
		"Minka,Pixel,Biscuit,Olive,Sir Reginald Fluff,Zuzu,Pepper,Waffles,Juniper,Tofu",
		"Marlowe,Clementine,Nutmeg,Ziggy,Pickles,Captain Whiskers,Hazel,Domino,Fig,Lady Marmalade",
		"Bandit,Moss,Ottilie,Pip,Sardine,Velvet,Basil,Noodle,Rusty,Thimble",
		"Mr. Darcy,Poppy,Cinder,Gus,Paprika,Elsie,Fennel,Toast,Mabel,Quark",
		"Schrödinger,Käthe,Flöckchen,Müsli,Jürgen,Søren,Bjørn,Åse,Smørrebrød,Pełka",
		"Żabka,Myszka,Puszek,Kocour,Mňouk,Šušenka,Ďáblík,Mačka,Čupko,Žofie",
		"Croquette,Café au Lait,Noël,Garçon,Brûlée,Moustache,Ficelle,Zoé,Béchamel,Pépin",
		"Churro,Ñoño,Pimentón,Luna,Azúcar,Canela,Bigotes,Señor Gato,Mía,Frijol",
		"Bolinha,Açaí,Pão,Mel,Feijão,Polenta,Gnocchi,Micio,Farfalla,Brontolo",
		"Pamuk,Şeker,Boncuk,Tekir,Çınar,Duman,Zeytin,Karamel,Fındık,Maviş",
		"Мурка,Барсик,Рыжик,Снежок,Васька,Пушок,Симка,Черныш,Бублик,Кнопка",
		"Мурчик,Їжачок,Сніжинка,Вареник,Котлета,Шоколадка,Писана,Лунна,Пухчо,Мац",
		"Σοκολάτα,Ψιψίνα,Άσπρη,Κανέλα,Ζορμπάς,Μαύρος,Ήλιος,Φουντούκι,Αλήτης,Νεφέλη",
		"たま,みけ,クロ,シロ,もち,さくら,きなこ,ふじさん,ソラ,小梅",
		"あんこ,トラ,ひじき,大福,豆腐,花花,咪咪,小黑,豆豆,年糕",
		"团团,虎妞,雪球,包子,芝麻,나비,두부,호두,감자,까망이",
		"보리,치즈,구름이,مشمش,لولو,قمر,زعفران,بسبوسة,سكر,ريحان",
		"فلفل,ياسمين,פיצי,שוקו,לימון,מיצי,ג׳ינג׳ר,मिन्नी,चमेली,काजू",
		"मोती,लड्डू,பூனை,மல்லிகை,ฟ้า,มะลิ,ข้าวเหนียว,ფისო,ციცა,მურა",
		"Փիսիկ,Նռնիկ,Mèo Mun,Bánh Bao,Mochi 🍡,Nº 5,O’Malley,Jean-Paul le Chat,Catherine the Adequate,Her Majesty Queen Victoria of the Third Floor",
	}, ","), ",")
}
